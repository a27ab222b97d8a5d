/**
 * Events in order, in batches, to the server.
 *
 *   events ──▶ batch (≤ N events, ≤ bytes) ──▶ POST ──▶ count ──▶ checkpoint
 *
 * Batches go one after another: the log keeps the order in which they arrive.
 * After each the checkpoint is written, so that an import that was cut off
 * goes on where it stopped; sending a batch twice adds nothing in any case.
 * A `null` among the events says that no more will come for a while: what is
 * gathered goes at once. An event that fits into no request is counted as
 * refused, as the server would, and the others go on.
 */
import { MAX_EVENT_BYTES } from "../../schema/event/limits.ts";
import type { AppendResponse, EventResult } from "../../schema/wire/http.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

/** Bytes of event text per request: below the server's 1 MiB, with room for line ends. */
export const MAX_BATCH_BYTES = 960 * 1024;
/** Events per request that the server takes. */
export const MAX_BATCH_EVENTS = 1_000;

export interface Delivery {
  /** Events sent in this run and before it (by the checkpoint). */
  sent: number;
  resumed: number;
  accepted: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
  /** The seq of the first event that was new; null where none was. */
  first_seq: number | null;
  /** The first refusals, each with the server's words; `index` is the place among all events of the delivery, from 0. */
  refusals: EventResult[];
}

const MAX_REFUSALS_KEPT = 20;

export function noDelivery(): Delivery {
  return {
    sent: 0,
    resumed: 0,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    rejected: 0,
    first_seq: null,
    refusals: [],
  };
}

/** `more` came after what is in `total`. */
export function addDelivery(total: Delivery, more: Delivery): void {
  for (const count of ["sent", "resumed", "accepted", "duplicates", "conflicts", "rejected"] as const)
    total[count] += more[count];
  total.first_seq ??= more.first_seq;
  total.refusals = [...total.refusals, ...more.refusals].slice(0, MAX_REFUSALS_KEPT);
}

export async function deliver(
  events: AsyncIterable<OutgoingEvent | null> | Iterable<OutgoingEvent | null>,
  options: {
    post: (lines: string[]) => Promise<AppendResponse>;
    batch_events: number;
    /** Events already acknowledged by an earlier run. */
    skip: number;
    onBatch: (delivery: Delivery) => void;
  },
): Promise<Delivery> {
  const total: Delivery = { ...noDelivery(), resumed: options.skip };
  let lines: string[] = [];
  /** Where each line stands among all events. */
  let places: number[] = [];
  let bytes = 0;
  const refuse = (result: EventResult): void => {
    if (result.status === "conflict") total.conflicts += 1;
    else total.rejected += 1;
    if (total.refusals.length < MAX_REFUSALS_KEPT) total.refusals.push(result);
  };
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const answer = await options.post(lines);
    total.sent += lines.length;
    total.accepted += answer.accepted;
    total.first_seq ??= answer.first_seq;
    total.duplicates += answer.duplicates;
    for (const result of answer.results ?? [])
      refuse({ ...result, index: places[result.index] ?? result.index });
    lines = [];
    places = [];
    bytes = 0;
    options.onBatch(total);
  };
  let skip = options.skip;
  for await (const event of events) {
    if (event === null) {
      await flush();
      continue;
    }
    if (skip > 0) {
      skip -= 1;
      total.sent += 1;
      continue;
    }
    const line = JSON.stringify(event);
    const size = Buffer.byteLength(line) + 1;
    const place = total.sent + lines.length;
    if (size > MAX_BATCH_BYTES) {
      refuse(tooLarge(event, place));
      // So that a run which goes on by the checkpoint counts it as well.
      total.sent += 1;
      continue;
    }
    if (lines.length >= options.batch_events || (bytes + size > MAX_BATCH_BYTES && lines.length > 0))
      await flush();
    lines.push(line);
    places.push(place);
    bytes += size;
  }
  await flush();
  return total;
}

/** Any event above 64 KiB is refused; the server cannot say so of one that no request can carry. */
function tooLarge(event: OutgoingEvent, index: number): EventResult {
  const message = `The event is larger than ${MAX_EVENT_BYTES / 1024} KiB. Send a summary, and keep the artifact where it is.`;
  return { index, id: event.id, status: "rejected", code: "too_large", message };
}
