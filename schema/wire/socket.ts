/**
 * The stream: WebSocket on `/v1/stream?since=`, subprotocol `clusterfork.v1`.
 *
 *   room ──snapshot? events* (behind snapshot)?──▶ viewer
 *        ◀──────────────ack──────────────────────
 *
 * Without `since` the first message is a snapshot. With `since=N` the events
 * N+1… follow without a gap. Frames are dense: each frame's `from` is the
 * last frame's `to` + 1 (V1). A redacted or withheld event leaves its seq
 * inside `from`–`to`. The text frame `ping` is answered by `pong`.
 */
import type { StoredEvent } from "../event/event.ts";
import type { WireState } from "../state/state.ts";

export const STREAM_PROTOCOL = "clusterfork.v1";
/** Prefix of the second subprotocol by which a browser hands over a key or share token. */
export const BEARER_PROTOCOL_PREFIX = "bearer.";

export const DELIVERY_MODES = ["live", "batched"] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

/** How the events come from here on. Nothing said means live. */
export type Delivery =
  | { mode: "live" }
  /** In waves `interval_ms` apart, the next one `next_in_ms` after this message. */
  | { mode: "batched"; interval_ms: number; next_in_ms: number };

export type ServerMessage =
  /** The whole state at `seq`; the events after it follow. */
  | { type: "snapshot"; seq: number; time: number; state: WireState }
  /**
   * Every seq from `from` to `to`, both inclusive. One that says how events are delivered, after joining a
   * batched project and when the setting changes, has none: its `from` is `to + 1`.
   */
  | { type: "events"; from: number; to: number; events: StoredEvent[]; delivery?: Delivery }
  /** Too much is unacknowledged: what lies between is skipped and a snapshot follows. */
  | { type: "behind"; acked: number; head: number };

/** Sent at least once per second of traffic and per 500 events: the highest seq folded. */
export type ClientMessage = { type: "ack"; seq: number };

/** Close codes in the private range (RFC 6455 §7.4.2), each with the client's next step. */
export const CLOSE = {
  /** The key, session, membership or link was revoked: do not reconnect. */
  revoked: 4001,
  /** No acknowledgement in time: reconnect with `since`. */
  slow: 4008,
  /** Unreadable message from the client: a bug, do not reconnect. */
  bad_message: 4400,
  /** Too many viewers of this project: reconnect later. */
  full: 4429,
} as const;
