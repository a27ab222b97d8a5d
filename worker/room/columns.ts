/**
 * The log by columns, for questions that would else parse all of it.
 *
 *   commit ─▶ ColumnTail (memory) ──with each snapshot──▶ segment, column_part (rows) ─▶ readColumns
 *
 * Segments follow each other without a gap from seq 1; what is after the last one is in memory, rebuilt with
 * the state from the log's tail. A shortcut like the snapshot: destroyed events or a raised SEGMENT_VERSION
 * drop segments, and the next wake-up writes them anew from the log.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { ENVELOPE_FIELDS } from "../../schema/column/field.ts";
import type { ColumnsAsk, ColumnsPage, FieldsReply, SegmentPart } from "../../schema/column/page.ts";
import { SegmentBuilder, type EncodedSegment, type SegmentMeta } from "../../schema/column/segment.ts";
import {
  MAX_COLUMNS_PAGE_BYTES,
  MAX_COLUMNS_PAGE_FIELDS,
  MAX_COLUMNS_PAGE_SEGMENTS,
  MAX_FIELD_NAMES,
} from "./limits.ts";

/** Raised when what a column holds changes meaning. */
const SEGMENT_VERSION = 1;

/** The events that are in no stored segment yet. */
export class ColumnTail {
  #first_seq: number;
  #open: SegmentBuilder;
  #sealed: EncodedSegment[] = [];

  /** `after`: the last seq that is in a stored segment. */
  constructor(after: number) {
    this.#first_seq = after + 1;
    this.#open = new SegmentBuilder(after + 1);
  }

  /** Seqs come in order; those that are stored already are skipped. `event` null: it was forgotten. */
  note(seq: number, event: StoredEvent | null): void {
    if (seq < this.#first_seq) return;
    if (event === null) this.#open.skip(seq);
    else this.#open.add(event);
    if (this.#open.isFull) this.#seal();
  }

  /** What is full and only waits to be stored. */
  takeSealed(): EncodedSegment[] {
    const sealed = this.#sealed;
    this.#sealed = [];
    return sealed;
  }

  /** Everything, for storing; the caller starts a new tail after it once that is done. */
  all(): readonly EncodedSegment[] {
    this.#seal();
    return this.#sealed;
  }

  /** The newest first, with these columns alone. */
  *read(fields: ReadonlySet<string>): Generator<EncodedSegment> {
    if (this.#open.events > 0) yield this.#open.encode(fields);
    for (const segment of this.#sealed.toReversed()) yield segment;
  }

  *fields(): Generator<string> {
    for (const segment of this.#sealed) yield* segment.columns.keys();
    yield* this.#open.fields();
  }

  get overflows(): boolean {
    return this.#open.meta().overflows || this.#sealed.some(({ overflows }) => overflows);
  }

  #seal(): void {
    const { last_seq } = this.#open;
    if (last_seq < this.#open.first_seq) return;
    this.#sealed.push(this.#open.encode());
    this.#open = new SegmentBuilder(last_seq + 1);
  }
}

/** The last seq that is in a stored segment. Segments of another version go. */
export function lastInSegments(sql: SqlStorage): number {
  const other = sql
    .exec<{ found: number }>(
      "SELECT EXISTS (SELECT 1 FROM segment WHERE version <> ?) AS found",
      SEGMENT_VERSION,
    )
    .one();
  if (other.found === 1) dropSegments(sql, 0);
  return sql
    .exec<{ seq: number }>(
      "SELECT coalesce((SELECT last_seq FROM segment ORDER BY first_seq DESC LIMIT 1), 0) AS seq",
    )
    .one().seq;
}

/** Inside the caller's transaction. Rows: one per segment and one per column, for thousands of events. */
export function writeSegments(sql: SqlStorage, segments: readonly EncodedSegment[]): void {
  for (const { columns, ...meta } of segments) {
    sql.exec(
      `INSERT OR REPLACE INTO segment (first_seq, last_seq, version, events, min_time, max_time, overflows)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      meta.first_seq,
      meta.last_seq,
      SEGMENT_VERSION,
      meta.events,
      meta.min_time,
      meta.max_time,
      meta.overflows ? 1 : 0,
    );
    for (const [field, bytes] of columns) {
      sql.exec(
        "INSERT OR REPLACE INTO column_part (field, first_seq, bytes) VALUES (?, ?, ?)",
        field,
        meta.first_seq,
        bytes,
      );
    }
  }
}

/** After events were destroyed: what is after here is written anew from the log. */
export function dropSegments(sql: SqlStorage, after: number): void {
  const first = sql
    .exec<{ seq: number | null }>("SELECT min(first_seq) AS seq FROM segment WHERE last_seq > ?", after)
    .one().seq;
  if (first === null) return;
  sql.exec("DELETE FROM segment WHERE first_seq >= ?", first);
  sql.exec("DELETE FROM column_part WHERE first_seq >= ?", first);
}

/** What memory has of the log. */
interface Source {
  seq: number;
  columns: ColumnTail;
}

type SegmentRow = Omit<SegmentMeta, "overflows"> & { overflows: number };

/** One page, bounded in bytes: some milliseconds of the room's time. */
export function readColumns(
  sql: SqlStorage,
  { seq: head_seq, columns: tail }: Source,
  ask: ColumnsAsk,
): ColumnsPage {
  if (ask.fields.length > MAX_COLUMNS_PAGE_FIELDS) throw new Error("more columns than one reading may have");
  const segments: SegmentPart[] = [];
  const from = ask.from ?? -Infinity;
  const to = ask.to ?? Infinity;
  const needsTime = ({ min_time, max_time }: SegmentMeta) => ask.time || min_time < from || max_time > to;
  if (ask.before === null) {
    for (const { columns, ...meta } of tail.read(new Set([...ask.fields, "time"]))) {
      if (meta.events === 0 || meta.max_time < from || meta.min_time > to) continue;
      const wanted = ask.fields.map((field) => columns.get(field) ?? null);
      segments.push({
        ...meta,
        columns: wanted,
        time: needsTime(meta) ? (columns.get("time") ?? null) : null,
      });
    }
  }
  let bytes = 0;
  let count = 0;
  const rows = sql.exec<SegmentRow>(
    `SELECT first_seq, last_seq, events, min_time, max_time, overflows FROM segment
     WHERE first_seq < ? AND events > 0 AND max_time >= ? AND min_time <= ? ORDER BY first_seq DESC`,
    ask.before ?? Number.MAX_SAFE_INTEGER,
    Math.max(from, Number.MIN_SAFE_INTEGER),
    Math.min(to, Number.MAX_SAFE_INTEGER),
  );
  for (const row of rows) {
    if (bytes >= MAX_COLUMNS_PAGE_BYTES || count >= MAX_COLUMNS_PAGE_SEGMENTS) {
      return { ok: true, head_seq, segments, before: segments.at(-1)?.first_seq ?? null };
    }
    const meta = { ...row, overflows: row.overflows === 1 };
    const columns = ask.fields.map((field) => part(sql, field, row.first_seq));
    const time = needsTime(meta) ? part(sql, "time", row.first_seq) : null;
    for (const column of [...columns, time]) bytes += column?.length ?? 0;
    count += 1;
    segments.push({ ...meta, columns, time });
  }
  return { ok: true, head_seq, segments, before: null };
}

function part(sql: SqlStorage, field: string, first_seq: number): Uint8Array | null {
  const found = sql
    .exec<{ bytes: ArrayBuffer }>(
      "SELECT bytes FROM column_part WHERE field = ? AND first_seq = ?",
      field,
      first_seq,
    )
    .toArray()[0];
  return found === undefined ? null : new Uint8Array(found.bytes);
}

/** Names, each found by one step in the index, whatever the length of the log. */
export function readFields(sql: SqlStorage, { seq: head_seq, columns: tail }: Source): FieldsReply {
  const fields = new Set<string>(tail.fields());
  let name = "";
  while (fields.size < MAX_FIELD_NAMES) {
    const next: string | null = sql
      .exec<{ field: string | null }>("SELECT min(field) AS field FROM column_part WHERE field > ?", name)
      .one().field;
    if (next === null) break;
    fields.add(next);
    name = next;
  }
  const overflows = sql
    .exec<{ found: number }>("SELECT EXISTS (SELECT 1 FROM segment WHERE overflows = 1) AS found")
    .one().found;
  return {
    ok: true,
    head_seq,
    fields: [...fields].filter((field) => !ENVELOPE_FIELDS.includes(field)).sort(),
    complete: fields.size < MAX_FIELD_NAMES && overflows === 0 && !tail.overflows,
  };
}
