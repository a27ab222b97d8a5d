/** How a sender is set up, and its named limits. */
import type { BudgetOptions } from "./budget.ts";
import type { Defaults } from "./event.ts";
import type { Trouble } from "./report.ts";

/** Events per request: a batch of this size is within a tenth of the server's best throughput. */
export const BATCH_EVENTS = 200;
/** Bytes of event text per request: well below the server's 1 MiB. */
export const BATCH_BYTES = 512 * 1024;
/** What was sent waits for company at most so long, ms: a dashboard still feels live. */
export const BATCH_INTERVAL_MS = 500;
/** The server's limits on one request. */
export const MAX_BATCH_EVENTS = 1_000;
export const MAX_BATCH_BYTES = 960 * 1024;
/** One event as the server takes it, bytes. */
export const MAX_LINE_BYTES = 64 * 1024;
/** Events in memory: minutes of a busy agent; beyond it the caller's own memory would suffer. */
export const MAX_QUEUED_EVENTS = 20_000;
/** The same in bytes. */
export const MAX_QUEUED_BYTES = 32 * 1024 * 1024;
/** The spool on disk, bytes, all processes together: some hundred thousand events, and no disk fills by it. */
export const MAX_SPOOL_BYTES = 256 * 1024 * 1024;
/** `flush` and `close` wait at most so long, ms. */
export const FLUSH_TIMEOUT_MS = 10_000;
/** What a process that ends may spend on a last delivery, ms: supervisors kill after five to ten seconds. */
export const EXIT_TIMEOUT_MS = 2_000;

export interface SpoolOptions {
  /** Default `$XDG_STATE_HOME/clusterfork/spool` (`~/.local/state/…`). It holds events as they were sent. */
  folder?: string;
  /** Bytes, all processes of the folder together. */
  max_bytes?: number;
}

export interface Options<D extends Defaults = Defaults> {
  /** Address of Clusterfork; default `CLUSTERFORK_URL`, else http://localhost:8787. */
  url?: string;
  /** An ingest key; default `CLUSTERFORK_KEY`. */
  key?: string;
  /** Fields that every event carries unless it says otherwise. */
  defaults?: D;
  /** Shown as the events' `source`: 1 to 32 of a-z, 0-9 and -. */
  source?: string;
  batch?: { events?: number; bytes?: number; interval_ms?: number };
  max_queued_events?: number;
  max_queued_bytes?: number;
  /**
   * `memory` (default): events wait in memory and go to disk when the server
   * is away. `disk`: `send` writes each to disk before it returns, so that even
   * a kill loses none. Only Node has the disk.
   */
  durability?: "memory" | "disk";
  /** `false`: never write to disk. */
  spool?: SpoolOptions | false;
  /** How budgets are asked before a call. */
  budget?: BudgetOptions;
  /** Told of every trouble; default: a warning on the console, once a minute for each kind. It may throw. */
  onError?: (trouble: Trouble) => void;
  /** Deliver what waits when the process ends (Node: beforeExit, SIGTERM, SIGINT; browsers: a hidden page). */
  flush_on_exit?: boolean;
  fetch?: typeof fetch;
}
