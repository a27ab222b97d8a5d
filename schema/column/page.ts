/** What the room hands out of a log by columns, and what it is asked for. */
import type { SegmentMeta } from "./segment.ts";

export interface ColumnsAsk {
  fields: readonly string[];
  /** The column `time` of every segment; else only of those that reach beyond the range. */
  time: boolean;
  /** Event time, ms, both inclusive; null: no bound. Segments outside are left out. */
  from: number | null;
  to: number | null;
  /** Seqs before this one; null: from the end of the log. */
  before: number | null;
}

export interface SegmentPart extends SegmentMeta {
  /** In the order of the fields asked for; null: no event has it; empty: it is in the log alone. */
  columns: (Uint8Array | null)[];
  time: Uint8Array | null;
}

/** Segments, the newest first. */
export interface ColumnsPage {
  ok: true;
  /** The last seq of the log. */
  head_seq: number;
  segments: SegmentPart[];
  /** `before` of the next page; null at the beginning of the log. */
  before: number | null;
}

export interface FieldsReply {
  ok: true;
  /** The last seq of the log. */
  head_seq: number;
  /** Fields of metadata and metrics that the log has, in order of name, up to the room's limit. */
  fields: string[];
  /** False when there may be others. */
  complete: boolean;
}
