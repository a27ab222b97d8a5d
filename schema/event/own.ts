/**
 * What Clusterfork itself decides, on its way to the same log: an alert, a
 * lesson, a recalibrated target. Handed to insight, learning and governance.
 */
import type { Json } from "./event.ts";

/** `key_id` of what Clusterfork itself says. A sender's key has an id of twelve characters, and cannot speak so (T5). */
export const OWN_KEY_ID = "clusterfork";

/** What Clusterfork's own agents, and the ids of its own events, begin with (T5). No share link gives them another name. */
export const CLUSTERFORK_PREFIX = "clusterfork:";

/** Said of an event whose agent is one of Clusterfork's own: what it decided, or what a person did on the dashboard. */
export function speaksAsClusterfork(event: { agent_id: string }): boolean {
  return event.agent_id.startsWith(CLUSTERFORK_PREFIX);
}

export interface OwnEvent {
  /** The part of Clusterfork that speaks; the log shows it as agent `clusterfork:<organ>`. */
  organ: string;
  /**
   * What led to it, so that doing the step twice adds nothing: for a lesson
   * ["lesson", feature id, seq of the merge]. No clocks and no chance in it.
   */
  cause: readonly [string | number, ...(string | number)[]];
  event_type: string;
  /** Event time of what led to it: RFC 3339, UTC, millisecond precision. */
  timestamp: string;
  task_id?: string;
  feature_id?: string;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}

/** Resolves once they are on disk; rejects when nothing was stored, and may then be called again. */
export type AppendPort = (events: readonly OwnEvent[]) => Promise<void>;
