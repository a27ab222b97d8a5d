import { expect, it } from "vitest";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { parseEvent } from "../../../schema/event/parse.ts";
import { mapBeads } from "../beads.ts";
import { mapGastown } from "../gastown/gastown.ts";
import type { LineOutcome } from "../lines.ts";
import { Tally } from "../outgoing.ts";
import { verdictOf } from "./merge-request.ts";

async function* lines(...records: object[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: JSON.stringify(record), at: `file:${index + 1}` };
}
const issue = (id: string, more: object = {}): object => ({
  ...{ id, title: `Title of ${id}`, status: "open", issue_type: "task", created_at: "2026-02-01T10:00:00Z" },
  ...more,
});
const request = (id: string, description: string | null): object =>
  issue(id, { issue_type: "merge-request", title: `Merge: ${id}`, description });
const types = (events: OutgoingEvent[], id: string): string[] =>
  events.filter((event) => event.task_id === id).map((event) => event.event_type);

it("takes a branch for merged where its closing says so first, and by no words that say it was not", () => {
  for (const words of [
    "merged",
    "Merged to main at 3f2a1b",
    "Closed as merged",
    "✓ Merged in gt-4",
    "Successfully merged to main",
  ])
    expect(verdictOf(words), words).toEqual({ event_type: "merged", metadata: {} });
  for (const words of [
    "Closed, not merged",
    "Not merged: superseded by gt-9",
    "superseded by gt-9, never merged",
    "The same change was merged elsewhere",
    "can't be merged: branch is gone",
    "needs to be merged by hand",
    null,
  ])
    expect(verdictOf(words), String(words)).toBeNull();
});

it.each([
  ["Clusterfork's own", "worker: clusterfork:alerts", "clusterfork:alerts"],
  ["one that reads as Clusterfork's own", "worker: Сlusterfork: alerts", "Сlusterfork: alerts"],
  ["a long one", `worker: ${"x".repeat(300)}`, "x".repeat(128)],
])("names the worker of a request as any other agent: %s", async (_, worker, name) => {
  const records = [issue("a"), request("mr", `source_issue: a\nbranch: ${"b".repeat(70_000)}\n${worker}`)];
  for (const [tracker, map] of [
    ["beads", mapBeads],
    ["gastown", mapGastown],
  ] as const) {
    const events = await map(lines(...records), new Tally());
    for (const event of events)
      expect([event.event_type, parseEvent(event)]).toMatchObject([event.event_type, { ok: true }]);
    const asked = events.find((event) => event.event_type === "review_requested");
    expect(asked?.agent_id).toBe(name.startsWith("x") ? name : `${tracker}/${name}`);
  }
});

it("tells of a request as of any work where it is for itself, for none, for what nothing can be called, or for one that is for another", async () => {
  for (const [what, records] of [
    ["itself", [request("mr-1", "source_issue: mr-1")]],
    ["none", [request("mr-1", null)]],
    ["no id", [request("mr-1", `source_issue: ${"x".repeat(129)}`)]],
    ["each other", [request("mr-1", "source_issue: mr-2"), request("mr-2", "source_issue: mr-1")]],
  ] as const)
    for (const map of [mapBeads, mapGastown]) {
      const events = await map(lines(...records), new Tally());
      for (const id of records.map((_, n) => `mr-${n + 1}`))
        expect(types(events, id), `${what}: ${id}`).toEqual(["task_created"]);
    }
});

it("loses no request of a chain of them: the last speaks for the work, the others for themselves", async () => {
  const chain = [request("mr-1", "source_issue: mr-2"), request("mr-2", "source_issue: a"), issue("a")];
  for (const map of [mapBeads, mapGastown]) {
    const events = await map(lines(...chain), new Tally());
    expect(types(events, "mr-1")).toEqual(["task_created"]);
    expect(types(events, "mr-2")).toEqual([]);
    expect(types(events, "a").toSorted()).toEqual(["review_requested", "task_created"]);
  }
});
