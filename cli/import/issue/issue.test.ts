import { expect, it } from "vitest";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { mapBeads } from "../beads.ts";
import { mapGastown } from "../gastown/gastown.ts";
import type { LineOutcome } from "../lines.ts";
import { Tally } from "../outgoing.ts";

async function* lines(...records: object[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: JSON.stringify(record), at: `file:${index + 1}` };
}
const issue = (id: string, more: object = {}): object => ({
  ...{ id, title: `Title of ${id}`, status: "open", issue_type: "task", created_at: "2026-02-01T10:00:00Z" },
  ...more,
});
const creation = (events: OutgoingEvent[], id: string): OutgoingEvent | undefined =>
  events.find((event) => event.task_id === id && event.event_type === "task_created");

it.each(["constructor", "toString", "valueOf", "hasOwnProperty"])(
  "takes a link of the kind %s as any other, and loses no other issue by it",
  async (type) => {
    const odd = issue("a", { dependencies: [{ depends_on_id: "b", type }] });
    for (const map of [mapBeads, mapGastown]) {
      const events = await map(lines(odd, issue("b")), new Tally());
      expect(creation(events, "a")?.metadata?.["links"]).toEqual({ [type]: ["b"] });
      expect(creation(events, "b")).toBeDefined();
    }
  },
);

it("takes no parent of a name that no issue can have", async () => {
  const events = await mapBeads(lines(issue("a", { parent: "x".repeat(129) })), new Tally());
  expect(creation(events, "a")?.metadata).not.toHaveProperty("parent_id");
});
