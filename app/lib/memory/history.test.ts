import { describe, expect, it } from "vitest";
import type { QueryResponse } from "../../../schema/wire/query.ts";
import { readQuery } from "../../../schema/wire/query-text.ts";
import { historyRoutes, MAX_PAST, pastOf } from "./history.ts";

type Group = QueryResponse["groups"][number];
const answer = (groups: Group[], given: Partial<QueryResponse> = {}): QueryResponse => ({
  ...{
    seq: 99,
    from: null,
    to: null,
    scanned: 0,
    matched: 0,
    truncated: false,
    truncated_by: [],
    elapsed_ms: 1,
  },
  ...{ group_by: [], calculations: [], groups, group_count: groups.length, heatmap: null },
  ...given,
});
const lesson = (seqs: number[], project = "p1") => ({
  project,
  provenance: { kind: "key" as const, by: "a", key_id: "k", seqs },
});

describe("the history of a lesson", () => {
  it("asks what the log can answer, for any name, by fields that its events have", () => {
    const fields = ["seq", "metadata.lesson_id", "metadata.helpful"];
    for (const id of ["l-1", 'a"b,c=d', "p1.x y", "<b>"]) {
      const asked = historyRoutes(id, fields)?.map((route) =>
        readQuery(new URLSearchParams(route.slice(route.indexOf("?"))), 0),
      );
      expect(asked).toMatchObject([
        { value: { limit: MAX_PAST, where: [{ values: [id] }, {}], group_by: ["seq", "event_type"] } },
        { value: { where: [{ values: [id] }, {}], group_by: ["seq", "agent_id", "metadata.helpful"] } },
      ]);
    }
    // A field that no event has would be refused.
    expect(historyRoutes("l-1", ["seq"])).toBeNull();
    expect(pastOf(lesson([7]), null, "p1").past).toMatchObject([{ seq: 7, words: "learned", by: null }]);
  });
  it("says who, and takes nobody's word for it but Clusterfork's own", () => {
    const said = answer([
      { key: [30, "lesson_retired", "Ada"], values: [3_000] },
      { key: [20, "lesson_rated", "Ada"], values: [2_000] },
      { key: [9, "lesson_learned", null], values: [1_000] },
    ]);
    const agents = answer([
      { key: [30, "clusterfork:lessons", null], values: [3_000] },
      { key: [20, "coder-a", false], values: [2_000] },
      { key: [9, "coder-b", null], values: [1_000] },
    ]);
    expect(pastOf(lesson([9]), [said, agents], "p1")).toEqual({
      more: false,
      past: [
        { seq: 30, words: "retired", time: 3_000, by: "Ada" },
        { seq: 20, words: "called harmful", time: 2_000, by: "coder-a" },
        { seq: 9, words: "learned", time: 1_000, by: "coder-b" },
      ],
    });
  });
  it("knows the places of what names no lesson, in its own project alone, and says when there is more", () => {
    const none = answer([]);
    expect(pastOf(lesson([7, 8]), [none, none], "p1").past.map(({ seq }) => seq)).toEqual([8, 7]);
    expect(pastOf(lesson([7, 8]), [none, none], "p2").past).toEqual([]);
    const cut = answer([], { group_count: 3 });
    expect(pastOf(lesson([7]), [cut, none], "p1")).toEqual({ past: [], more: true });
  });
});
