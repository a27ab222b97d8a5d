import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseEvent } from "../../../schema/event/parse.ts";
import { roleOf } from "../actor.ts";
import { readLines, type LineOutcome } from "../lines.ts";
import { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { mapGastown } from "./gastown.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../../shared/data");
const RECORDED = join(DATA, "gastown");

async function* lines(records: (object | string)[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: typeof record === "string" ? record : JSON.stringify(record), at: `file:${index + 1}` };
}

async function read(source: AsyncIterable<LineOutcome>): Promise<{ events: OutgoingEvent[]; tally: Tally }> {
  const tally = new Tally();
  const events = await mapGastown(source, tally);
  expect(events.map((event) => parseEvent(event)).filter((parsed) => !parsed.ok)).toEqual([]);
  const times = events.map((event) => Date.parse(event.timestamp));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  const skipped = [...tally.skipped.values()].reduce((sum, times) => sum + times, 0);
  expect(tally.records).toBe(tally.mapped + skipped);
  return { events, tally };
}
const town = async (...records: (object | string)[]) => read(lines(records));

const issue = (id: string, more: object = {}): object => ({
  id,
  title: `Title of ${id}`,
  status: "open",
  issue_type: "task",
  created_at: "2026-02-01T10:00:00Z",
  ...more,
});
let second = 0;
const said = (issue_id: string, event_type: string, more: object = {}): object => ({
  id: 1,
  issue_id,
  event_type,
  actor: "mayor",
  created_at: new Date(Date.UTC(2026, 1, 1, 11, 0, ++second)).toISOString(),
  ...more,
});
const changed = (issue_id: string, changes: object, before: object = {}): object =>
  said(issue_id, "status_changed", { new_value: JSON.stringify(changes), old_value: JSON.stringify(before) });
const typesOf = (events: OutgoingEvent[], id: string): string[] =>
  events.filter((event) => (event.task_id ?? event.feature_id) === id).map((event) => event.event_type);

describe("the ledger", () => {
  it("tells a creation and a closing once, whatever copy of the town says it again, and a closing after new work", async () => {
    const { events } = await town(
      issue("gt-9", { created_at: "2026-02-01T09:00:00Z" }),
      said("gt-9", "closed", { new_value: "Done" }),
      said("gt-9", "created"),
      said("gt-9", "closed", { new_value: "Done elsewhere" }),
      said("gt-9", "reopened"),
      said("gt-9", "closed", { new_value: "Done at last" }),
    );
    expect(typesOf(events, "gt-9")).toEqual([
      "task_created",
      "task_completed",
      "gastown.created_again",
      "gastown.closed_again",
      "task_reopened",
      "task_completed",
    ]);
  });

  it("tells a task's life: created, hooked, started, blocked, released, closed, reopened", async () => {
    const { events } = await town(
      issue("gt-1", { created_at: "2026-02-01T11:00:01Z" }),
      { ...said("gt-1", "created"), created_at: "2026-02-01T11:00:01Z" },
      changed("gt-1", { status: "hooked", assignee: "gastown/polecats/nux" }),
      changed("gt-1", { status: "in_progress" }),
      changed("gt-1", { status: "blocked" }),
      changed("gt-1", { status: "open" }, { status: "blocked" }),
      changed("gt-1", { status: "open" }, { status: "hooked" }),
      said("gt-1", "updated", { new_value: '{"notes":"private words","design":"cut o…' }),
      said("gt-1", "closed", { new_value: "Done" }),
      said("gt-1", "reopened", { new_value: '{"status":"open"}' }),
    );
    expect(typesOf(events, "gt-1")).toEqual([
      "task_created",
      "task_claimed",
      "task_started",
      "task_blocked",
      "task_unblocked",
      "gastown.released",
      "gastown.updated",
      "task_completed",
      "task_reopened",
    ]);
    expect(events[0]?.metadata).toMatchObject({ title: "Title of gt-1" });
    expect(events[1]).toMatchObject({
      agent_id: "mayor",
      agent_role: "mayor",
      metadata: { assignee: "gastown/polecats/nux" },
    });
    expect(events[7]?.metadata).toEqual({ reason: "Done" });
    expect(JSON.stringify(events)).not.toContain("private words");
  });

  it("takes from the issue's record what the ledger does not tell", async () => {
    const done = { status: "closed", closed_at: "2026-02-01T12:00:00Z", created_by: "mayor" };
    const { events } = await town(
      issue("gt-2", done),
      issue("gt-3", done),
      said("gt-3", "label_added", { comment: "x" }),
    );
    expect(typesOf(events, "gt-2")).toEqual(["task_created", "task_completed"]);
    expect(typesOf(events, "gt-3")).toEqual(["task_created", "gastown.label_added", "task_completed"]);
  });

  it("never creates an issue after the ledger knew it", async () => {
    const { events, tally } = await town(
      issue("gt-4", { created_at: "2026-03-01T00:00:00Z" }),
      said("gt-4", "closed", { new_value: "Done" }),
    );
    expect(typesOf(events, "gt-4")).toEqual(["task_created", "task_completed"]);
    expect([...tally.notes.values()]).toEqual([1]);
  });

  it("puts edges on issues: what blocks, what belongs to a feature, what a convoy carries", async () => {
    const edge = (issue_id: string, depends_on_id: string, type: string): object => ({
      issue_id,
      depends_on_id,
      type,
    });
    const { events, tally } = await town(
      edge("gt-b", "gt-a", "blocks"),
      edge("gt-b", "gt-e", "parent-child"),
      edge("hq-cv", "gt-a", "tracks"),
      edge("unknown", "gt-a", "blocks"),
      issue("gt-a"),
      issue("gt-b"),
      issue("gt-e", { issue_type: "epic" }),
      issue("hq-cv", { issue_type: "convoy" }),
      issue("gt-wisp", { issue_type: "epic", title: "mol-witness-patrol" }),
    );
    expect(events.find((event) => event.task_id === "gt-b")).toMatchObject({
      feature_id: "gt-e",
      metadata: { dependencies: ["gt-a"], parent_id: "gt-e" },
    });
    expect(events.find((event) => event.task_id === "gt-a")?.feature_id).toBe("hq-cv");
    expect(typesOf(events, "hq-cv")).toEqual(["feature_requested"]);
    expect(events.find((event) => event.task_id === "gt-wisp")?.metadata?.["kind"]).toBe("molecule");
    expect(tally.skipped.get("an edge of an issue that the ledger does not hold")).toBe(1);
  });

  it("reads beads of agents as agents, by the path that their roles give", async () => {
    const { events } = await town(
      issue("gt-gastown-polecat-nux", {
        issue_type: "agent",
        description: "role_type: polecat\nrig: gastown",
      }),
      issue("gt-5"),
      said("gt-gastown-polecat-nux", "updated", { new_value: '{"hook_bead":"gt-5"}' }),
      said("gt-gastown-polecat-nux", "updated", { new_value: '{"agent_state":"idle"}' }),
      said("gt-gastown-polecat-nux", "updated", { new_value: '{"description":"x\\nagent_state: nuked"}' }),
      said("gt-gastown-polecat-nux", "reopened"),
    );
    const nux = events.filter((event) => event.agent_id === "gastown/polecats/nux");
    expect(nux.map((event) => event.event_type)).toEqual(["agent_idle", "agent_stopped", "agent_recovered"]);
    expect(nux.every((event) => event.agent_role === "polecat" && event.task_id === undefined)).toBe(true);
    expect(events.find((event) => event.event_type === "task_claimed")).toMatchObject({
      task_id: "gt-5",
      metadata: { assignee: "gastown/polecats/nux" },
    });
  });

  it("lets a merge request speak for the work that it carries", async () => {
    const { events } = await town(
      issue("gt-6"),
      issue("gt-mr", {
        issue_type: "merge-request",
        description: "branch: polecat/nux/gt-6\nsource_issue: gt-6",
      }),
      said("gt-mr", "created"),
      said("gt-mr", "closed", { new_value: "Merged in abc1234" }),
    );
    expect(typesOf(events, "gt-6")).toEqual(["task_created", "review_requested", "task_merged"]);
    expect(typesOf(events, "gt-mr")).toEqual([]);
  });

  it("tells of a branch that was sent back, and what for, also where it waits as a wisp without a type", async () => {
    const wisp = {
      title: "Merge: gt-61",
      description: "branch: polecat/dag/gt-61\nsource_issue: gt-61\nworker: gastown/polecats/dag",
    };
    const closed = { status: "closed", closed_at: "2026-02-01T12:00:00Z" };
    const { events, tally } = await town(
      issue("gt-61"),
      issue("wisp-1", wisp),
      said("wisp-1", "created"),
      said("wisp-1", "closed", { new_value: "rejected: Duplicate: already merged to main by nux" }),
      // Without a word of the ledger, its own record tells.
      issue("wisp-2", { ...wisp, ...closed, close_reason: "rejected: Conflicts with recently merged work" }),
      issue("wisp-3", { ...wisp, ...closed, close_reason: "merged" }),
      issue("wisp-4", { ...wisp, ...closed, close_reason: "Stale: branch deleted during cleanup" }),
      issue("wisp-5", { ...wisp, description: "source_issue: unknown", title: "Merge: unknown" }),
    );
    const of = events.filter(({ task_id }) => task_id === "gt-61");
    expect(of.filter(({ event_type }) => event_type === "review_requested")).toHaveLength(4);
    expect(
      of.filter(({ event_type }) => event_type === "reviewer_rejected").map(({ metadata }) => metadata),
    ).toEqual([
      expect.objectContaining({
        category: "duplicate work",
        reason: "Duplicate: already merged to main by nux",
      }),
      expect.objectContaining({ category: "conflicts with main" }),
    ]);
    expect(of.filter(({ event_type }) => event_type === "task_merged")).toHaveLength(1);
    expect(events.filter(({ task_id }) => task_id?.startsWith("wisp"))).toEqual([]);
    expect(tally.notes.get("a merge request for work that the ledger does not hold")).toBe(1);
  });

  it("keeps what agents note on their way, and folds nothing of it", async () => {
    const { events } = await town(
      issue("gt-62"),
      said("gt-62", "updated", { new_value: '{"notes":"Root cause: the socket is named after the town"}' }),
      said("gt-62", "updated", { new_value: '{"notes":"Stale","status":"closed"}' }),
    );
    expect(typesOf(events, "gt-62")).toEqual(["task_created", "gastown.noted", "task_completed"]);
    expect(events[1]?.metadata).toEqual({ text: "Root cause: the socket is named after the town" });
    expect(events[2]?.metadata).toEqual({ reason: "Stale" });
  });

  it("gives the same ids on every import, whatever number a backup gave a record", async () => {
    const record = said("gt-7", "closed", { new_value: "Done" });
    const { events, tally } = await town(record, { ...record, id: "another-backup" });
    expect(events).toHaveLength(1);
    expect(tally.skipped.get("the same record again, from another backup")).toBe(1);
    expect((await town(record)).events).toEqual(events);
  });

  it("counts what it cannot read", async () => {
    const { events, tally } = await town(
      '{"cut',
      { what: "is this" },
      { event_type: "closed", issue_id: "x", created_at: "never" },
      said("y".repeat(300), "closed"),
      { issue_id: "gt-8", author: "gastown/crew/max", text: "A remark", created_at: "2026-02-01T10:00:00Z" },
    );
    expect(events).toMatchObject([{ event_type: "gastown.commented", agent_role: "crew", task_id: "gt-8" }]);
    expect(tally.skipped.size).toBe(4);
  });

  it("names agents as they sign", () => {
    const roles = [
      "gastown/polecats/nux",
      "gastown/witness",
      "mayor",
      "deacon/dogs/alpha",
      "l0g1x",
      "rig/max",
    ].map(roleOf);
    expect(roles).toEqual(["polecat", "witness", "mayor", "dog", null, null]);
  });
});

describe("the feed", () => {
  const fed = (type: string, payload: object, actor = "gastown/polecats/nux"): object => ({
    ts: new Date(Date.UTC(2026, 1, 2, 0, 0, ++second)).toISOString(),
    source: "gt",
    type,
    actor,
    payload,
    visibility: "feed",
  });

  it("follows work from the sling to the merge", async () => {
    const { events } = await town(
      issue("gt-9"),
      fed("sling", { bead: "gt-9", target: "gastown/polecats/nux" }, "mayor"),
      fed("hook", { bead: "gt-9" }),
      fed("unhook", { bead: "gt-9" }),
      fed("done", { bead: "gt-9", branch: "polecat/nux" }),
      fed("merge_started", { mr: "mr-1", branch: "polecat/nux" }, "gastown/refinery"),
      fed("merge_failed", { mr: "mr-1", branch: "polecat/nux", reason: "conflict" }, "gastown/refinery"),
      fed("merged", { mr: "mr-1", branch: "polecat/nux" }, "gastown/refinery"),
    );
    expect(typesOf(events, "gt-9")).toEqual([
      "task_created",
      "task_claimed",
      "task_claimed",
      "gastown.released",
      "agent_submitted",
      "integration_failed",
      "task_merged",
    ]);
    expect(events.find(({ event_type }) => event_type === "gastown.merge_started")?.agent_role).toBe(
      "refinery",
    );
  });

  it("tells of agents that come, hand over, ask for help and go", async () => {
    const { events } = await town(
      fed("spawn", { rig: "gastown", polecat: "Toast" }, "mayor"),
      fed("handoff", { subject: "Half done", to_session: true }),
      fed("escalation_sent", { to: "mayor", reason: "stuck" }, "gastown/witness"),
      fed("escalation_sent", { to: "overseer", reason: "stuck" }, "mayor"),
      fed("session_death", { agent: "gastown/polecats/Toast", reason: "zombie" }, "daemon"),
      fed("kill", { rig: "gastown", target: "Toast", reason: "nuked" }, "mayor"),
      fed("patrol_started", { rig: "gastown" }, "gastown/witness"),
    );
    expect(events.map(({ event_type, agent_id }) => [event_type, agent_id])).toEqual([
      ["agent_initialized", "gastown/polecats/Toast"],
      ["handoff", "gastown/polecats/nux"],
      ["agent_escalated", "gastown/witness"],
      ["escalated_to_user", "mayor"],
      ["agent_crashed", "gastown/polecats/Toast"],
      ["agent_stopped", "gastown/polecats/Toast"],
      ["gastown.patrol_started", "gastown/witness"],
    ]);
  });
});

describe("the recorded town", () => {
  it.skipIf(!existsSync(RECORDED))(
    "gives every record of the ledger its event, twice the same",
    async () => {
      async function* all(): AsyncGenerator<LineOutcome> {
        for (const name of ["comments", "dependencies", "events", "issues"])
          yield* readLines(join(RECORDED, `${name}.jsonl.gz`));
      }
      const { events, tally } = await read(all());
      expect(tally.records).toBe(21_024 + 10_969 + 27_607 + 49);
      // Nothing but edges of issues that the town had deleted is left out.
      expect([...tally.skipped]).toEqual([["an edge of an issue that the ledger does not hold", 15_316]]);
      expect(events.length).toBeGreaterThan(30_000);
      expect((await read(all())).events.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    },
    60_000,
  );
});
