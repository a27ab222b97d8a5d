import { expect, it } from "vitest";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { mapBeads } from "./beads.ts";
import { mapGastown } from "./gastown/gastown.ts";
import type { LineOutcome } from "./lines.ts";
import { Tally } from "./outgoing.ts";

async function* lines(...records: object[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: JSON.stringify(record), at: `file:${index + 1}` };
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

// Medium. cli/import/issue/issue.ts: `links` is an object with a prototype, so `links["constructor"]` is a function.
it.each(["constructor", "toString", "valueOf", "hasOwnProperty"])(
  "takes a link of the kind %s as any other, and loses no other issue by it",
  async (type) => {
    const odd = issue("a", { dependencies: [{ depends_on_id: "b", type }] });
    for (const map of [mapBeads, mapGastown]) {
      const events = await map(lines(odd, issue("b")), new Tally());
      expect(types(events, "b")).toEqual(["task_created"]);
      expect(types(events, "a")).toEqual(["task_created"]);
    }
  },
);

const request = (id: string, description: string | null, more: object = {}): object =>
  issue(id, { issue_type: "merge-request", title: `Merge: ${id}`, description, ...more });

// Medium. cli/import/issue/merge-request.ts, beads.ts: what a request is for may be itself, or another request; then nobody tells of it.
it("tells of every issue that it was created, also of a merge request that is for itself, for none, or for another one", async () => {
  for (const [what, records] of [
    ["itself", [request("mr-1", "source_issue: mr-1")]],
    ["none", [request("mr-1", null)]],
    ["another", [request("mr-1", "source_issue: mr-2"), request("mr-2", "source_issue: mr-1")]],
  ] as const) {
    const events = await mapBeads(lines(...records), new Tally());
    for (const id of records.map((_, n) => `mr-${n + 1}`))
      expect(types(events, id)[0], `${what}: ${id}`).toBe("task_created");
  }
});
