import { expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../schema/event/limits.ts";
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

const large = (id: string): OutgoingEvent => ({ ...event(id), metadata: { text: "x".repeat(2_000_000) } });

it("ends no delivery for an event that fits into no request: it is counted as refused, and the others arrive", async () => {
  const events = [event("a"), large("b"), event("c"), event("refused"), large("e")];
  const sent: string[] = [];
  const acknowledged: number[] = [];
  const total = await deliver(events, {
    ...{ batch_events: 2, skip: 0 },
    post: async (lines) => {
      // As the server: 413 for the body as a whole, which the client throws (cli/client/transport.ts).
      if (Buffer.byteLength(lines.join("\n")) > MAX_BODY_BYTES) throw new Error("413 too_large");
      const ids = lines.map((line) => (JSON.parse(line) as OutgoingEvent).id);
      sent.push(...ids);
      const results = ids.flatMap((id, index) =>
        id === "refused"
          ? [{ index, id, status: "rejected" as const, code: "invalid_field" as const, message: "no" }]
          : [],
      );
      return { accepted: ids.length - results.length, duplicates: 0, first_seq: 1, last_seq: null, results };
    },
    onBatch: (delivery) => acknowledged.push(delivery.sent),
  });
  expect(sent).toEqual(["a", "c", "refused"]);
  expect(total).toMatchObject({ sent: 5, accepted: 2, rejected: 3 });
  const refusals = total.refusals.toSorted((one, other) => one.index - other.index);
  expect(refusals.map(({ index, id, code }) => [index, id, code])).toEqual([
    [1, "b", "too_large"],
    [3, "refused", "invalid_field"],
    [4, "e", "too_large"],
  ]);
  // What a checkpoint is told: the events up to there, with those that never arrive.
  expect(acknowledged).toEqual([3, 5]);
});
