import type { StoredEvent } from "../event/event.ts";

/** Length of `2026-11-22T14:23:15.120Z`. Texts of this form sort as their times do. */
const CANONICAL_CHARS = 24;

/**
 * The event's time (see `eventTime`), total and with one parse where both
 * clocks are written in the canonical form, as the room stores them. A clock
 * that cannot be read counts at `now_ms`, the newest time that the state knows.
 */
export function foldTime(event: StoredEvent, now_ms: number): number {
  const sent = event.timestamp;
  const received = event.received_at;
  if (
    sent.length === CANONICAL_CHARS &&
    received.length === CANONICAL_CHARS &&
    sent.endsWith("Z") &&
    received.endsWith("Z")
  ) {
    const earlier_ms = Date.parse(sent < received ? sent : received);
    if (earlier_ms === earlier_ms) return earlier_ms;
  }
  const sent_ms = Date.parse(sent);
  const received_ms = Date.parse(received);
  if (Number.isNaN(sent_ms)) return Number.isNaN(received_ms) ? now_ms : received_ms;
  return sent_ms < received_ms || Number.isNaN(received_ms) ? sent_ms : received_ms;
}
