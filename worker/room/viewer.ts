/**
 * One viewer's place in the log, and what it is owed next. A window of
 * unacknowledged events bounds what a slow or dead one costs (V2):
 *
 *   send ──window full──▶ wait ──BEHIND_AFTER_MS──▶ snapshot ──CLOSE_AFTER_MS──▶ close
 *     ▲─────────ack────────┘                           │
 *     └──────────────────────ack───────────────────────┘
 */
import { BEHIND_AFTER_MS, CLOSE_AFTER_MS, MAX_UNACKED_EVENTS, MAX_UNACKED_LENGTH } from "./limits.ts";

/** Plain data: it is kept in the socket's attachment and so survives hibernation. */
export interface Viewer {
  /** The last seq sent, by an event or inside a snapshot. */
  sent: number;
  /** The last seq acknowledged; at first the one it came with. */
  acked: number;
  /** UTF-16 units sent since. */
  unacked_length: number;
  /** UTF-16 units of a snapshot that was not acknowledged. No part of the window: a slow line may need long for it. */
  snapshot_length: number;
  /** When it had to wait first; null while it keeps up. */
  waiting_since: number | null;
  /** It was sent a fresh snapshot and has not acknowledged it: nothing else is sent. */
  behind: boolean;
  /** Absent for who sees everything. Nothing below touches it. */
  readonly link?: {
    readonly share_id: string;
    /** When its access ends by itself, ms. */ readonly until_ms: number | null;
  };
}

export function viewerAt(seq: number, link?: Viewer["link"]): Viewer {
  const viewer = {
    sent: seq,
    acked: seq,
    unacked_length: 0,
    snapshot_length: 0,
    waiting_since: null,
    behind: false,
  };
  return link === undefined ? viewer : { ...viewer, link };
}

export type Due = "nothing" | "send" | "wait" | "snapshot" | "close";

/** `affordable`: the room has a frame left for it (budget.ts). */
export function due(viewer: Viewer, head_seq: number, now_ms: number, affordable: boolean): Due {
  const waited_ms = viewer.waiting_since === null ? 0 : now_ms - viewer.waiting_since;
  if (viewer.behind) return waited_ms >= CLOSE_AFTER_MS ? "close" : "wait";
  if (viewer.sent >= head_seq) return "nothing";
  const full =
    !affordable ||
    viewer.sent - viewer.acked >= MAX_UNACKED_EVENTS ||
    viewer.unacked_length >= MAX_UNACKED_LENGTH;
  if (!full) return "send";
  return waited_ms >= BEHIND_AFTER_MS ? "snapshot" : "wait";
}

/** When `due` changes by itself, without an event or an acknowledgement; null when it does not. */
export function deadline(viewer: Viewer): number | null {
  if (viewer.waiting_since === null) return null;
  return viewer.waiting_since + (viewer.behind ? CLOSE_AFTER_MS : BEHIND_AFTER_MS);
}

export function sent(viewer: Viewer, to: number, length: number): void {
  viewer.sent = to;
  viewer.unacked_length += length;
}

/** After a fresh snapshot the viewer starts anew at its seq, and has to say so. */
export function restarted(viewer: Viewer, seq: number, snapshot_length: number, now_ms: number): void {
  // Nobody took back what was sent before: it is held until the viewer says that it has the snapshot.
  const held = viewer.unacked_length + viewer.snapshot_length + snapshot_length;
  Object.assign(viewer, viewerAt(seq), { behind: true, snapshot_length: held, waiting_since: now_ms });
}

/** False when the viewer claims what it was never sent. */
export function acknowledge(viewer: Viewer, seq: number): boolean {
  if (!Number.isSafeInteger(seq) || seq < 0 || seq > viewer.sent) return false;
  if (viewer.behind) {
    // An acknowledgement on its way when the snapshot left is about older events.
    if (seq < viewer.acked) return true;
    viewer.behind = false;
    viewer.snapshot_length = 0;
    viewer.waiting_since = null;
    return true;
  }
  // The first snapshot came before any event, so whatever is acknowledged is behind it.
  if (seq >= viewer.acked) viewer.snapshot_length = 0;
  if (seq <= viewer.acked) return true;
  // Lengths of single frames are not kept: the rest is taken in proportion, and is exact when all is acknowledged.
  viewer.unacked_length *= (viewer.sent - seq) / (viewer.sent - viewer.acked);
  viewer.acked = seq;
  viewer.waiting_since = null;
  return true;
}
