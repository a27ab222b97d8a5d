/**
 * The event time of every seq: what a slider over the past needs, without
 * reading the log.
 *
 *   commit ─▶ trace (memory) ──with each snapshot──▶ blocks (rows) ─▶ seqAt(time), timeline(buckets)
 *
 * Time is the fold's clock, the running maximum of when senders' work happened
 * (schema/state/clock.ts), so it never goes back as seq grows, and `at=<time>`
 * has one answer: the last seq before it passes. What Clusterfork says itself
 * has its own time, but none after the work that follows it in the log:
 *
 *   budget set today, then June imported  ─▶  June's first moment
 *   alert at six, work at nine            ─▶  six
 *
 * A block is a few bytes per event: the steps of time as varints (LEB128), and
 * the marks as pairs of a step in seq and a kind. No names and no text, so a
 * shared view may see all of it.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { speaksAsClusterfork } from "../../schema/event/own.ts";
import { foldTime } from "../../schema/state/clock.ts";
import type { TimelineMark, TimelineResponse } from "../../schema/wire/http.ts";
import { MAX_BLOCK_EVENTS } from "./limits.ts";
import { pushVarint, readVarints } from "./varint.ts";

/** What a slider marks. Stored by position: append only. */
export const MARKED_TYPES = [
  "feature_merged",
  "feature_abandoned",
  "feature_completed",
  "task_merged",
  "task_failed",
  "task_blocked",
  "lock_conflict",
  "agent_crashed",
  "escalated_to_user",
  "escalated_to_board",
  "integration_failed",
  "budget_exceeded",
  "alert_raised",
] as const;
const KIND = new Map<string, number>(MARKED_TYPES.map((type, kind) => [type, kind]));

interface Mark {
  seq: number;
  kind: number;
}

/** What happened since the last block, in memory. */
export class Trace {
  first_seq: number;
  times: number[] = [];
  marks: Mark[] = [];
  /** The newest time, here or in the blocks. */
  last_ms: number;

  /** `seq`, `last_ms`: of the last event that is in a block. */
  constructor({ seq, last_ms }: Traced) {
    this.first_seq = seq + 1;
    this.last_ms = last_ms;
  }

  /** Seqs come in order; those that are in a block already are skipped. `event` null: it was forgotten. */
  note(seq: number, clock_ms: number, event: StoredEvent | null): void {
    if (seq < this.first_seq) return;
    const own_ms = event !== null && speaksAsClusterfork(event) ? foldTime(event, clock_ms) : null;
    if (event === null || own_ms !== null) this.last_ms = Math.max(this.last_ms, clock_ms, own_ms ?? 0);
    else {
      lower(this.times, clock_ms);
      this.last_ms = clock_ms;
    }
    this.times.push(this.last_ms);
    const kind = KIND.get(event?.event_type ?? "");
    if (kind !== undefined) this.marks.push({ seq, kind });
  }
}

/** None of these ascending times is after `most_ms` then. Those before were lowered with it: each is lowered once. */
function lower(times: number[], most_ms: number): void {
  for (let i = times.length - 1; i >= 0 && (times[i] ?? 0) > most_ms; i -= 1) times[i] = most_ms;
}

interface Block {
  first_seq: number;
  last_seq: number;
  first_time: number;
  last_time: number;
}
type BlockRow = Pick<Block, keyof Block> & { times: ArrayBuffer; marks: ArrayBuffer };

/** The last event that is in a block. */
export interface Traced {
  seq: number;
  last_ms: number;
}

export function lastTraced(sql: SqlStorage): Traced {
  const [newest] = sql.exec<Pick<Block, keyof Block>>(
    "SELECT first_seq, last_seq, first_time, last_time FROM timeline ORDER BY last_seq DESC LIMIT 1",
  );
  return { seq: newest?.last_seq ?? 0, last_ms: newest?.last_time ?? 0 };
}

/** Work followed that is older than what Clusterfork said before it: few blocks, and hardly ever one. */
function lowerBlocks(sql: SqlStorage, most_ms: number): void {
  const late: BlockRow[] = [];
  for (const block of sql.exec<BlockRow>("SELECT * FROM timeline ORDER BY last_seq DESC")) {
    if (block.last_time <= most_ms) break;
    late.push(block);
  }
  for (const { first_seq, marks, ...block } of late) {
    const times = timesOf(block);
    lower(times, most_ms);
    putBlock(sql, first_seq, times, marks);
  }
}

function putBlock(sql: SqlStorage, first_seq: number, times: readonly number[], marks: ArrayBuffer): void {
  const first_time = times[0] ?? 0;
  let time = first_time;
  const steps: number[] = [];
  for (const next of times) {
    pushVarint(steps, next - time);
    time = next;
  }
  sql.exec(
    `INSERT OR REPLACE INTO timeline (last_seq, first_seq, first_time, last_time, times, marks)
     VALUES (?, ?, ?, ?, ?, ?)`,
    first_seq + times.length - 1,
    first_seq,
    first_time,
    time,
    Uint8Array.from(steps),
    marks,
  );
}

/** Writes the trace away. The caller starts a new one after its last seq. */
export function writeBlocks(sql: SqlStorage, trace: Trace): void {
  const [began_ms] = trace.times;
  if (began_ms !== undefined) lowerBlocks(sql, began_ms);
  for (let from = 0; from < trace.times.length; from += MAX_BLOCK_EVENTS) {
    const times = trace.times.slice(from, from + MAX_BLOCK_EVENTS);
    const first_seq = trace.first_seq + from;
    const last_seq = first_seq + times.length - 1;
    let seq = first_seq;
    const marks: number[] = [];
    for (const mark of trace.marks) {
      if (mark.seq < first_seq || mark.seq > last_seq) continue;
      pushVarint(marks, mark.seq - seq);
      pushVarint(marks, mark.kind);
      seq = mark.seq;
    }
    putBlock(sql, first_seq, times, Uint8Array.from(marks).buffer);
  }
}

/** After events were destroyed: the log is traced anew from here. */
export function dropBlocks(sql: SqlStorage, after: number): void {
  sql.exec("DELETE FROM timeline WHERE last_seq > ?", after);
}

/** The last seq before the running maximum of event time passes `time_ms`; 0 when the first event is later. */
export function seqAt(sql: SqlStorage, trace: Trace, time_ms: number): number {
  const [traced] = trace.times;
  if (traced !== undefined && traced <= time_ms) {
    return trace.first_seq - 1 + countUpTo(trace.times, time_ms);
  }
  const block = sql
    .exec<BlockRow>("SELECT * FROM timeline WHERE first_time <= ? ORDER BY last_seq DESC LIMIT 1", time_ms)
    .toArray()[0];
  return block === undefined ? 0 : block.first_seq - 1 + countUpTo(timesOf(block), time_ms);
}

/** What was forgotten before any work has no time: the block may begin with it, or hold nothing else. */
function firstTime(sql: SqlStorage): number | null {
  const [block] = sql.exec<BlockRow>("SELECT * FROM timeline WHERE last_time > 0 ORDER BY last_seq LIMIT 1");
  return block === undefined ? null : (timesOf(block).find((time) => time > 0) ?? null);
}

/** How many of these ascending values are not greater. */
function countUpTo(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Density and marks in `buckets` steps of time. Reads only blocks that an edge falls into: ~10 ms per million events. */
export function timeline(
  sql: SqlStorage,
  trace: Trace,
  buckets: number,
): Pick<TimelineResponse, "from" | "to" | "seqs" | "marks"> {
  const span = { from: firstTime(sql), to: lastTraced(sql).last_ms || null };
  // What is in blocks is not lowered by work that is in none yet.
  const most_ms = trace.times[0] ?? Infinity;
  const from = span.from === null ? trace.times.find((time) => time > 0) : Math.min(span.from, most_ms);
  const to = trace.times.at(-1) ?? span.to;
  if (from === undefined || to === null) return { from: null, to: null, seqs: [], marks: [] };

  // The last edge is `to` itself, whatever rounding does.
  const edges = Array.from({ length: buckets }, (_, i) =>
    i === buckets - 1 ? to : Math.floor(from + ((to - from) * (i + 1)) / buckets),
  );
  const seqs: number[] = [];
  const marks = new Map<number, TimelineMark>();
  const count = (block: Block, times: () => readonly number[], found: Iterable<Mark>) => {
    for (
      let edge = edges[seqs.length];
      edge !== undefined && edge < block.last_time;
      edge = edges[seqs.length]
    ) {
      seqs.push(block.first_seq - 1 + countUpTo(times(), edge));
    }
    for (const { seq, kind } of found) {
      // The first bucket that ends at or after it; the last so far may still be open.
      const bucket = countUpTo(seqs, seq - 1);
      const event_type = MARKED_TYPES[kind];
      if (event_type === undefined) continue;
      const key = bucket * MARKED_TYPES.length + kind;
      const known = marks.get(key);
      if (known === undefined) marks.set(key, { bucket, event_type, seq, count: 1 });
      else known.count += 1;
    }
  };
  for (const block of sql.exec<BlockRow>("SELECT * FROM timeline ORDER BY last_seq")) {
    let times: number[] | null = null;
    const last_time = Math.min(block.last_time, most_ms);
    count({ ...block, last_time }, () => (times ??= timesOf(block)), marksOf(block));
  }
  if (trace.times.length > 0) {
    const last_seq = trace.first_seq + trace.times.length - 1;
    const block = { first_seq: trace.first_seq, last_seq, first_time: trace.times[0] ?? to, last_time: to };
    count(block, () => trace.times, trace.marks);
  }
  const last_seq = trace.times.length > 0 ? trace.first_seq + trace.times.length - 1 : lastTraced(sql).seq;
  while (seqs.length < buckets) seqs.push(last_seq);
  return { from, to, seqs, marks: [...marks.values()] };
}

function timesOf(block: Pick<BlockRow, "first_time" | "times">): number[] {
  let time = block.first_time;
  const times: number[] = [];
  for (const step of readVarints(block.times)) times.push((time += step));
  return times;
}

function marksOf(block: BlockRow): Mark[] {
  const marks: Mark[] = [];
  const values = readVarints(block.marks);
  let seq = block.first_seq;
  for (let i = 0; i + 1 < values.length; i += 2) {
    seq += values[i] ?? 0;
    marks.push({ seq, kind: values[i + 1] ?? -1 });
  }
  return marks;
}
