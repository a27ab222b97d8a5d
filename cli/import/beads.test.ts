import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mapBeads } from "./beads.ts";
import { readLines, type LineOutcome } from "./lines.ts";
import { Tally } from "./outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const RECORDED = join(DATA, "beads/issues_snapshot_385c0c0.jsonl.gz");

async function* lines(...records: (object | string)[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: typeof record === "string" ? record : JSON.stringify(record), at: `file:${index + 1}` };
}

const issue = (id: string, more: object = {}): object => ({
  id,
  title: `Title of ${id}`,
  status: "open",
  priority: 2,
  issue_type: "task",
  created_at: "2026-02-01T10:00:00Z",
  updated_at: "2026-02-01T12:00:00Z",
  ...more,
});
const types = (events: OutgoingEvent[], id: string): string[] =>
  events.filter((event) => (event.task_id ?? event.feature_id) === id).map((event) => event.event_type);

describe("beads", () => {
  it("maps an epic to a feature and its children to tasks of it, also through a task in between", async () => {
    const events = await mapBeads(
      lines(
        issue("e", { issue_type: "epic" }),
        issue("a", { dependencies: [{ depends_on_id: "e", type: "parent-child" }] }),
        issue("b", { parent: "a", dependencies: [{ depends_on_id: "a", type: "blocks" }] }),
      ),
      new Tally(),
    );
    expect(types(events, "e")).toEqual(["feature_requested"]);
    const b = events.find((event) => event.task_id === "b");
    expect(b?.feature_id).toBe("e");
    expect(b?.metadata).toMatchObject({
      parent_id: "a",
      dependencies: ["a"],
      title: "Title of b",
      kind: "task",
    });
  });

  it("tells the history: created, claimed, started, closed, reopened", async () => {
    const events = await mapBeads(
      lines(
        issue("closed", {
          status: "closed",
          assignee: "rig/polecats/nux",
          started_at: "2026-02-01T10:30:00Z",
          closed_at: "2026-02-01T11:00:00Z",
          close_reason: "Done",
        }),
        issue("again", { closed_at: "2026-02-01T11:00:00Z" }),
        issue("hooked", { status: "hooked", assignee: "nux" }),
        issue("doing", { status: "in_progress", assignee: "nux" }),
        issue("stuck", { status: "blocked" }),
      ),
      new Tally(),
    );
    expect(types(events, "closed")).toEqual([
      "task_created",
      "task_claimed",
      "task_started",
      "task_completed",
    ]);
    expect(types(events, "again")).toEqual(["task_created", "task_completed", "task_reopened"]);
    expect(types(events, "hooked")).toEqual(["task_created", "task_claimed"]);
    expect(types(events, "doing")).toEqual(["task_created", "task_claimed", "task_started"]);
    expect(types(events, "stuck")).toEqual(["task_created", "task_blocked"]);
    const claim = events.find((event) => event.event_type === "task_claimed" && event.task_id === "closed");
    expect(claim).toMatchObject({ agent_id: "rig/polecats/nux", agent_role: "polecat" });
    expect(claim?.timestamp).toBe("2026-02-01T10:30:00.000Z");
  });

  it("keeps a record that closes before it opens, in the order of its clocks", async () => {
    const tally = new Tally();
    const events = await mapBeads(
      lines(issue("x", { status: "closed", assignee: "nux", closed_at: "2026-01-31T23:00:00Z" })),
      tally,
    );
    expect(types(events, "x")).toEqual(["task_claimed", "task_completed", "task_created"]);
    expect([...tally.notes.values()]).toEqual([1]);
  });

  it("opens nothing again that the record calls closed, whatever became of its branch later", async () => {
    const request = (id: string, more: Record<string, unknown>) =>
      issue(id, {
        ...{
          issue_type: "merge-request",
          created_at: "2026-03-01T12:30:00Z",
          description: "source_issue: w",
        },
        ...more,
      });
    const shut = { status: "closed", closed_at: "2026-03-01T13:00:00Z" };
    const events = await mapBeads(
      lines(
        issue("w", { status: "closed", closed_at: "2026-03-01T12:00:00Z" }),
        request("still-open", {}),
        request("sent-back", { ...shut, close_reason: "rejected: conflicts with main" }),
        request("merged", { ...shut, closed_at: "2026-03-01T14:00:00Z", close_reason: "merged" }),
      ),
      new Tally(),
    );
    expect(types(events, "w")).toEqual([
      ...["task_created", "task_completed"],
      ...Array.from({ length: 3 }, () => "beads.merge_request_created"),
      ...["beads.merge_request_rejected", "task_merged"],
    ]);
    const rejected = events.find(({ event_type }) => event_type === "beads.merge_request_rejected");
    expect(rejected?.metadata).toMatchObject({ category: "conflicts with main" });
  });

  it("tells a merge request that names no other work as work of its own", async () => {
    const shut = { issue_type: "merge-request", status: "closed", closed_at: "2026-03-01T12:00:00Z" };
    const events = await mapBeads(
      lines(
        issue("alone", { ...shut, close_reason: "superseded" }),
        issue("itself", { ...shut, close_reason: "superseded", description: "source_issue: itself" }),
      ),
      new Tally(),
    );
    expect(types(events, "alone")).toEqual(["task_created", "task_completed"]);
    expect(types(events, "itself")).toEqual(["task_created", "task_completed"]);
  });

  it("gives the same ids for the same data and new ones for changed data", async () => {
    const ids = async (title: string): Promise<string[]> =>
      (await mapBeads(lines(issue("x", { title })), new Tally())).map((event) => event.id);
    expect(await ids("one")).toEqual(await ids("one"));
    expect(await ids("one")).not.toEqual(await ids("two"));
  });

  it("lets a merge request speak for its work, and keeps notes before the closing", async () => {
    const events = await mapBeads(
      lines(
        issue("w", { status: "closed", closed_at: "2026-03-01T12:00:00Z", notes: "Root cause: the pool" }),
        issue("w-mr", {
          ...{ issue_type: "merge-request", status: "closed", closed_at: "2026-03-01T11:00:00Z" },
          ...{ description: "source_issue: w", close_reason: "rejected: Build failure: declared twice" },
        }),
        // For work that nobody holds a record of, it stays what it was.
        issue("x-mr", { issue_type: "merge-request", description: "source_issue: nobody" }),
      ),
      new Tally(),
    );
    expect(types(events, "w")).toEqual(
      expect.arrayContaining([
        "task_created",
        "review_requested",
        "reviewer_rejected",
        "beads.noted",
        "task_completed",
      ]),
    );
    expect(types(events, "w").indexOf("beads.noted")).toBeLessThan(
      types(events, "w").indexOf("task_completed"),
    );
    expect(events.find(({ event_type }) => event_type === "reviewer_rejected")?.metadata).toEqual({
      ...{ category: "the build", reason: "Build failure: declared twice" },
    });
    expect(types(events, "w-mr")).toEqual([]);
    expect(types(events, "x-mr")).toEqual(["task_created"]);
  });

  it("counts what it skips, and why", async () => {
    const tally = new Tally();
    const events = await mapBeads(
      lines(
        '{"id":"cut',
        "[1]",
        { title: "no id" },
        issue("gone", { status: "tombstone" }),
        { id: "timeless", title: "t" },
        issue("kept", { title: "old" }),
        issue("kept", { title: "new" }),
      ),
      tally,
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.metadata?.["title"]).toBe("new");
    expect(tally.records).toBe(7);
    expect(tally.mapped).toBe(1);
    expect([...tally.skipped.values()].reduce((sum, times) => sum + times, 0)).toBe(6);
  });

  it("survives hostile records: cycles of parents, `__proto__`, foreign agents, wrong types", async () => {
    const events = await mapBeads(
      lines(
        issue("p", { parent: "q" }),
        issue("q", { parent: "p" }),
        issue("__proto__", { dependencies: [{ depends_on_id: "constructor", type: "__proto__" }] }),
        issue("impostor", {
          created_by: "clusterfork:board",
          assignee: 7,
          labels: "x",
          dependencies: "none",
        }),
      ),
      new Tally(),
    );
    expect(events).toHaveLength(4);
    expect(events.find((event) => event.task_id === "impostor")?.agent_id).toBe("beads/clusterfork:board");
    expect(({} as Record<string, unknown>)["constructor"]).toBe(Object);
  });

  it.skipIf(!existsSync(RECORDED))("maps every issue of a recorded project", async () => {
    const tally = new Tally();
    const events = await mapBeads(readLines(RECORDED), tally);
    expect(tally.records).toBe(704);
    expect(tally.mapped).toBe(704);
    // Of its merge requests, 28 are for issues that it holds, and speak for those; two of them after the closing.
    expect(events.filter((event) => event.event_type === "task_created")).toHaveLength(495);
    expect(events.filter((event) => event.event_type === "review_requested")).toHaveLength(26);
    expect(events.filter((event) => event.event_type === "beads.merge_request_created")).toHaveLength(2);
    expect(events.filter((event) => event.event_type === "feature_requested")).toHaveLength(181);
    const edges = events
      .filter((event) => event.event_type === "task_created" || event.event_type === "feature_requested")
      .flatMap((event) => event.metadata?.["dependencies"] ?? []);
    expect(edges).toHaveLength(377);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const times = events.map((event) => Date.parse(event.timestamp));
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
  });
});
