/** One page of the log. */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { EventFilter, LogPage, PageQuery } from "./contract.ts";
import { MAX_PAGE_EVENTS, MAX_PAGE_LENGTH, MAX_SCAN_EVENTS, MAX_SCAN_BYTES } from "./limits.ts";
import { textRows } from "./log.ts";

const FIELD = {
  type: "event_type",
  agent: "agent_id",
  task: "task_id",
  feature: "feature_id",
} as const satisfies Record<keyof EventFilter, keyof StoredEvent>;

interface Condition {
  field: (typeof FIELD)[keyof EventFilter];
  value: string;
  /** Stands in the JSON of every match, as `JSON.stringify` writes it; elsewhere too, so a hit is parsed. */
  needle: string;
}

const utf8 = new TextDecoder();

/**
 * The texts after `since` that match, and the `since` of the next page (null at the end of the log). A filter by
 * anything but the type finds only events of which `findable` is true, so not even the page's end tells of others.
 */
export function readPage(
  sql: SqlStorage,
  query: PageQuery,
  findable?: (event: StoredEvent) => boolean,
): Pick<LogPage, "events" | "next"> {
  const conditions = conditionsOf(query);
  const limit = Math.min(query.limit, MAX_PAGE_EVENTS);
  const events: string[] = [];
  let page_length = 0;
  let scanned_events = 0;
  let scanned_bytes = 0;
  let last = query.since;

  for (const row of textRows(sql, query.since)) {
    // The end is known only when a row follows, so limits are looked at here and not after the row.
    if (events.length >= limit || scanned_events >= MAX_SCAN_EVENTS || scanned_bytes >= MAX_SCAN_BYTES) {
      return { events, next: last };
    }
    scanned_bytes += row.events.byteLength;
    const whole = utf8.decode(row.events);
    scanned_events += row.last_seq - row.first_seq + 1;
    if (!conditions.every(({ needle }) => whole.includes(needle))) {
      last = row.last_seq;
      continue;
    }
    let seq = row.first_seq - 1;
    for (const text of whole.split("\n")) {
      seq += 1;
      if (seq <= query.since) continue;
      if (text !== "" && matches(text, conditions, findable)) {
        const full =
          events.length >= limit || (events.length > 0 && page_length + text.length > MAX_PAGE_LENGTH);
        if (full) return { events, next: last };
        events.push(text);
        page_length += text.length;
      }
      last = seq;
    }
  }
  return { events, next: null };
}

function conditionsOf(query: EventFilter): Condition[] {
  return (["type", "agent", "task", "feature"] as const).flatMap((name) => {
    const value = query[name];
    if (value === undefined) return [];
    const field = FIELD[name];
    return [{ field, value, needle: `"${field}":${JSON.stringify(value)}` }];
  });
}

function matches(
  text: string,
  conditions: readonly Condition[],
  findable?: (event: StoredEvent) => boolean,
): boolean {
  if (conditions.length === 0) return true;
  if (!conditions.every(({ needle }) => text.includes(needle))) return false;
  const event = JSON.parse(text) as StoredEvent;
  return conditions.every(
    ({ field, value }) =>
      event[field] === value && (field === "event_type" || findable === undefined || findable(event)),
  );
}
