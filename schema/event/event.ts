/**
 * The event: one observable action of one agent, never changed once stored.
 *
 *   sender's JSON ──parse──▶ NewEvent ──room──▶ StoredEvent (seq, received_at)
 *
 * This file holds shapes only. What may arrive, and why it is refused, is in
 * `parse.ts`; the known types are in `taxonomy.ts`.
 */
import { readClockText } from "./clock-text.ts";

/**
 * Version of the stored event. Raised when a stored field changes meaning, or what its absence means.
 * 2: an event whose bytes are gone was forgotten only where a later event says so (witness.ts).
 */
export const EVENT_VERSION = 2;
export type EventVersion = 1 | typeof EVENT_VERSION;

/** JSON as it may stand in metadata: finite numbers only, no `__proto__` keys, bounded depth. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** An accepted event before the room gave it a place: validated, redacted, normalised. */
export interface NewEvent {
  /** The sender's idempotency key, 1–128 characters; a UUIDv7 when the sender gave none. */
  id: string;
  /** The sender's clock: RFC 3339, UTC, millisecond precision. */
  timestamp: string;
  event_type: string;
  agent_id: string;
  agent_role?: string;
  task_id?: string;
  feature_id?: string;
  session_id?: string;
  metadata?: { [key: string]: Json };
  /** Finite numbers. Tokens in counts, `*_usd` in US dollars, `*_ms` in milliseconds. */
  metrics?: { [key: string]: number };
  /** The adapter that read it: `api`, `beads`, `otlp`, … */
  source: string;
  /** The key that sent it; `clusterfork` for Clusterfork's own events. */
  key_id: string;
  v: EventVersion;
}

/** An event as the log holds it and as every route and socket shows it. */
export interface StoredEvent extends NewEvent {
  /** Dense per project, from 1. */
  seq: number;
  /** The room's clock at commit: RFC 3339, UTC, millisecond precision. */
  received_at: string;
  /**
   * Never stored: in a view that hides names, what tells the files of `metadata.files` apart as the state of the same
   * view does (file-mark.ts).
   */
  file_marks?: number[];
}

/**
 * The time an event counts at, in ms since the epoch: the sender's clock, but
 * never later than its arrival, so that a clock running ahead cannot put work
 * into the future.
 */
export function eventTime({
  timestamp,
  received_at,
}: Pick<StoredEvent, "timestamp" | "received_at">): number {
  if (isCanonical(timestamp) && isCanonical(received_at)) {
    const earlier = timestamp < received_at ? timestamp : received_at;
    const earlier_ms = readClockText(earlier) || Date.parse(earlier);
    if (!Number.isNaN(earlier_ms)) return earlier_ms;
  }
  const sent_ms = Date.parse(timestamp);
  const received_ms = Date.parse(received_at);
  return sent_ms < received_ms ? sent_ms : received_ms;
}

/** Length of `2026-11-22T14:23:15.120Z`, the form in which the room stores both clocks. */
const CANONICAL_CHARS = 24;

/** Texts of this form sort as their times do, so that one of two need not be parsed. */
function isCanonical(time: string): boolean {
  return time.length === CANONICAL_CHARS && time.endsWith("Z");
}
