/**
 * How far the picture can be trusted. Shown in the top bar of every view, and
 * by each region that has to freeze or fade. All times are ms since the epoch,
 * by the browser's clock.
 */
export type Connection =
  /** Nothing is known yet: the first socket is being opened. */
  | { kind: "connecting" }
  /**
   * `events_per_minute`: null while too little was watched to know.
   * `next_batch_at`: where the project's events come in batches, when the next one is due; until then the
   * picture is that of the last batch, and silence is no sign of trouble.
   */
  | {
      kind: "live";
      last_message_at: number;
      behind_ms: number;
      events_per_minute: number | null;
      next_batch_at?: number;
    }
  /** The socket is open, but not even a heartbeat came for STALE_AFTER_MS. */
  | { kind: "stale"; last_message_at: number }
  /** `since`: the last moment the picture was known to be current. */
  | { kind: "disconnected"; since: number; retry_at: number }
  /** Connected to a project that has never had an event. */
  | { kind: "empty" }
  /** Access was withdrawn, or the server refused this client: it does not retry. */
  | { kind: "revoked" }
  /** A past moment is on screen (lib/time); both are event times. The stream goes on underneath. */
  | { kind: "past"; at: number; live_at: number };

/** Two heartbeats missed: what is on screen may be wrong by now, and says so. */
export const STALE_AFTER_MS = 20_000;
