import { eventTime, type StoredEvent } from "../event/event.ts";

/** The event's time (see `eventTime`), total: a clock that cannot be read counts at `now_ms`, the newest time that the state knows. */
export function foldTime(event: StoredEvent, now_ms: number): number {
  const time_ms = eventTime(event);
  if (!Number.isNaN(time_ms)) return time_ms;
  // Of the receiving clock nothing can be read.
  const sent_ms = Date.parse(event.timestamp);
  return Number.isNaN(sent_ms) ? now_ms : sent_ms;
}
