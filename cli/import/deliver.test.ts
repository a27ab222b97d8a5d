import { expect, it } from "vitest";
import { deliver } from "./deliver.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

const event = (id: string): OutgoingEvent => ({
  id,
  timestamp: "2026-01-05T09:00:00.000Z",
  event_type: "task_started",
  agent_id: "a",
});

/** The ids of each request. */
async function requests(events: (OutgoingEvent | null)[], batch_events: number): Promise<string[][]> {
  const sent: string[][] = [];
  const total = await deliver(events, {
    batch_events,
    skip: 0,
    post: async (lines) => {
      sent.push(lines.map((line) => (JSON.parse(line) as OutgoingEvent).id));
      return { accepted: lines.length, duplicates: 0, first_seq: null, last_seq: null };
    },
    onBatch: () => undefined,
  });
  expect(total.sent).toBe(events.filter((each) => each !== null).length);
  return sent;
}

it("sends full batches in order, and what is left at the end", async () => {
  expect(await requests(["a", "b", "c"].map(event), 2)).toEqual([["a", "b"], ["c"]]);
});

it("sends at once what is gathered where a null says that no more comes for a while", async () => {
  expect(await requests([event("a"), null, null, event("b"), event("c"), null], 10)).toEqual([
    ["a"],
    ["b", "c"],
  ]);
});
