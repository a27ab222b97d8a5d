/** What became of the events: the counts, and the troubles that a caller is told of. */

export interface Totals {
  /** Stored by the server as new. */
  accepted: number;
  /** Already there: sent twice, by a retry or by another process. */
  duplicates: number;
  /** Refused by the server for what they say, or because their id belongs to another event. */
  rejected: number;
  /** Lost before they reached the server: no room left, no JSON, or no disk at the end. */
  dropped: number;
  /** In memory, not yet acknowledged. */
  queued: number;
  /** On disk, not yet acknowledged. */
  spooled: number;
}

export type TroubleKind =
  /** No answer, or "not now": it is tried again. */
  | "unavailable"
  /** The key or the address is not accepted: it is tried again, slowly, because a person may mend it. */
  | "refused"
  /** The server refused single events; `results` says why. They are not tried again. */
  | "rejected"
  /** An event that cannot be sent: no JSON, too large, no agent_id. */
  | "invalid"
  /** A bound was reached; new events are dropped until there is room. */
  | "full"
  /** The spool's disk failed or is full. */
  | "disk";

export interface Refusal {
  id: string | null;
  code: string;
  message: string;
}

export interface Trouble {
  kind: TroubleKind;
  /** Says what is wrong and what happens next. */
  message: string;
  /** Events lost by this very trouble. */
  dropped: number;
  totals: Totals;
  results?: Refusal[];
}

/** One warning of a kind per so long, ms: an absent server must not flood a log. */
const WARN_INTERVAL_MS = 60_000;

/** What is done with troubles where the caller gave no `onError`. */
export function warner(now: () => number): (trouble: Trouble) => void {
  const last = new Map<TroubleKind, number>();
  return ({ kind, message, totals }) => {
    const before = last.get(kind);
    if (before !== undefined && now() - before < WARN_INTERVAL_MS) return;
    last.set(kind, now());
    console.warn(`clusterfork: ${message} (${totals.dropped} events dropped so far)`);
  };
}
