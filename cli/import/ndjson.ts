/**
 * Clusterfork's own events, one JSON object per line: an export, a spool, or
 * whatever a script wrote. What the server adds (seq, received_at, source,
 * key_id, v) is taken off again. A line without id gets one made of its
 * content and of how often that content occurred, so that a second import of
 * the same files adds nothing while equal lines stay separate events.
 * Files are merged by timestamp; each file is taken to be in order itself.
 */
import { isTooDeep } from "../../schema/event/json.ts";
import { MAX_DEPTH } from "../../schema/event/limits.ts";
import type { LineOutcome } from "./lines.ts";
import { contentId, type Tally } from "./outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

const ADDED_BY_SERVER = ["seq", "received_at", "source", "key_id", "v"];

export async function* mapNdjson(
  files: readonly AsyncIterable<LineOutcome>[],
  tally: Tally,
): AsyncGenerator<OutgoingEvent> {
  const occurrences = new Map<string, number>();
  const heads: { ms: number; event: OutgoingEvent; rest: AsyncIterator<OutgoingEvent> }[] = [];
  const pull = async (rest: AsyncIterator<OutgoingEvent>): Promise<void> => {
    const next = await rest.next();
    if (next.done === true) return;
    const ms = timeOf(next.value.timestamp);
    const place = heads.findIndex((head) => head.ms > ms);
    heads.splice(place === -1 ? heads.length : place, 0, { ms, event: next.value, rest });
  };
  for (const file of files) await pull(readEvents(file, occurrences, tally));
  for (let head = heads.shift(); head !== undefined; head = heads.shift()) {
    yield head.event;
    await pull(head.rest);
  }
}

/** Unreadable times sort first: the server names what is wrong with them. */
function timeOf(timestamp: unknown): number {
  if (typeof timestamp !== "number" && typeof timestamp !== "string") return -Infinity;
  const ms = typeof timestamp === "number" ? timestamp : Date.parse(timestamp);
  return Number.isFinite(ms) ? ms : -Infinity;
}

async function* readEvents(
  lines: AsyncIterable<LineOutcome>,
  occurrences: Map<string, number>,
  tally: Tally,
): AsyncGenerator<OutgoingEvent> {
  for await (const line of lines) {
    tally.records += 1;
    if ("skipped" in line) {
      tally.skip(line.skipped, line.at);
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(line.text);
    } catch {
      tally.skip("not JSON (a line cut off?)", line.at);
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      tally.skip("not a JSON object", line.at);
      continue;
    }
    // The server would refuse it, and a hundred thousand levels are more than JSON.stringify has stack for.
    if (isTooDeep(value)) {
      tally.skip(`nested deeper than ${MAX_DEPTH} levels`, line.at);
      continue;
    }
    if (Object.hasOwn(value, "clusterfork")) {
      // The chain belongs to the log that was exported; these events begin a new one.
      tally.skip("line of an export's hash chain, no event", line.at);
      continue;
    }
    const body = Object.fromEntries(
      Object.entries(value).filter(([key]) => !ADDED_BY_SERVER.includes(key)),
    ) as Partial<OutgoingEvent> & Omit<OutgoingEvent, "id">;
    tally.mapped += 1;
    if (body.id !== undefined) {
      yield body as OutgoingEvent;
      continue;
    }
    const content = contentId("ndjson", body);
    const count = (occurrences.get(content) ?? 0) + 1;
    occurrences.set(content, count);
    yield { id: count === 1 ? content : `${content}-${count}`, ...body };
  }
}
