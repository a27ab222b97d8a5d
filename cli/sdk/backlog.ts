/**
 * What a sender asks of its disk. Only Node has one (spool.ts); in Workers and
 * browsers everything waits in memory. Every method is synchronous, so that it
 * also works while a process ends, and none throws.
 */
import type { Line } from "./line.ts";

export interface Backlog {
  /** Lines on disk that are not acknowledged; approximate for those of earlier processes until they are read. */
  readonly length: number;
  /** Takes as many as fit, in order; says how many. */
  append(lines: readonly Line[]): number;
  /** The oldest batch; it stays on disk until `drop`. */
  peek(max_events: number, max_bytes: number): Line[];
  /** The batch that was peeked last was acknowledged. */
  drop(count: number): void;
  /** Leaves what remains to whoever comes next. */
  release(): void;
}

export interface BacklogTrouble {
  kind: "full" | "disk";
  message: string;
  dropped: number;
}
