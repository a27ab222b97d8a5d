import { eventTime, type StoredEvent } from "../event/event.ts";
import { speaksAsClusterfork } from "../event/own.ts";

/** The event's time (see `eventTime`), total: a clock that cannot be read counts at `now_ms`, the newest time that the state knows. */
export function foldTime(event: StoredEvent, now_ms: number): number {
  const time_ms = eventTime(event);
  if (!Number.isNaN(time_ms)) return time_ms;
  // Of the receiving clock nothing can be read.
  const sent_ms = Date.parse(event.timestamp);
  return Number.isNaN(sent_ms) ? now_ms : sent_ms;
}

/**
 * The newest moment of work that a log tells of, ms: the running maximum of the times of what senders sent; 0 before
 * there is any. What Clusterfork writes and what people do on the dashboard happens now, and history that was recorded
 * elsewhere may follow it (an import): moved by them, the clock would stand at now for all of that history.
 */
export function clockAfter(event: StoredEvent, time_ms: number, now_ms: number): number {
  return speaksAsClusterfork(event) ? now_ms : Math.max(now_ms, time_ms);
}
