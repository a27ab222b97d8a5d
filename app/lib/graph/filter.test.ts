import { describe, expect, it } from "vitest";
import { type FlowFilter, matcher, narrows } from "./filter.ts";
import { taskKey } from "./model.ts";

const NONE: FlowFilter = { statuses: [], text: "", agent: null, role: null, path: false };
const task = (id: string, title: string, agent: string | null, glyph: "done" | "failed" = "done") => ({
  ...{ key: taskKey(id), id, title, agent, glyph },
});
const TASKS = [
  task("gt-1", "Ｆｉｘ the Parser", "nux"),
  task("gt-2", "Write docs", "slit", "failed"),
  task("gt-3", "Parser docs", null),
];
const left = (filter: Partial<FlowFilter>) => {
  const shows = matcher(
    { ...NONE, ...filter },
    (agent) => (agent === "nux" ? "coder" : null),
    new Set([taskKey("gt-3")]),
  );
  return shows === null ? null : TASKS.filter(shows).map(({ id }) => id);
};

describe("filter", () => {
  it("is none where nothing was asked for", () => {
    expect(left({})).toBeNull();
    expect(left({ text: "  " })).toBeNull();
    expect([
      narrows(NONE),
      narrows({ ...NONE, statuses: ["done"] }),
      narrows({ ...NONE, text: "a" }),
    ]).toEqual([...[false, false, true]]);
  });
  it("takes words in any order, case and width, from id, title and agent", () => {
    expect(left({ text: "parser fix" })).toEqual(["gt-1"]);
    expect(left({ text: "DOCS" })).toEqual(["gt-2", "gt-3"]);
    expect(left({ text: "slit gt-2" })).toEqual(["gt-2"]);
    expect(left({ text: "(.*" })).toEqual([]);
  });
  it("narrows by status, agent, role and critical path together", () => {
    expect(left({ statuses: ["failed"] })).toEqual(["gt-2"]);
    expect(left({ agent: "nux" })).toEqual(["gt-1"]);
    expect(left({ role: "coder" })).toEqual(["gt-1"]);
    expect(left({ role: "no role" })).toEqual(["gt-2"]);
    expect(left({ path: true })).toEqual(["gt-3"]);
    expect(left({ path: true, text: "write" })).toEqual([]);
  });
});
