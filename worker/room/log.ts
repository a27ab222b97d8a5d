/** The log's rows: writing, and walking them in order. */
import { textsOf, type ChainRow } from "./chain.ts";

export interface LogRow extends ChainRow {
  received_ms: number;
}

type Columns<K extends keyof LogRow> = {
  [P in K]: LogRow[P] extends Uint8Array ? ArrayBuffer : LogRow[P];
};

/** Returns the rows written, as the bill counts them. */
export function writeRow(sql: SqlStorage, row: LogRow): number {
  return sql.exec(
    "INSERT INTO log (first_seq, last_seq, received_ms, head, salts, leaves, events) VALUES (?, ?, ?, ?, ?, ?, ?)",
    row.first_seq,
    row.last_seq,
    row.received_ms,
    row.head,
    row.salts,
    row.leaves,
    row.events,
  ).rowsWritten;
}

/** Where the log ends; null while it is empty. */
export function lastRow(sql: SqlStorage): Pick<LogRow, "last_seq" | "received_ms" | "head"> | null {
  const found = sql
    .exec<Columns<"last_seq" | "received_ms" | "head">>(
      "SELECT last_seq, received_ms, head FROM log ORDER BY first_seq DESC LIMIT 1",
    )
    .toArray()[0];
  return found === undefined ? null : { ...found, head: new Uint8Array(found.head) };
}

/** Rows that begin after `after`, up to `to`, in order. */
export function* chainRowsAfter(sql: SqlStorage, after: number, to: number): Generator<ChainRow> {
  const rows = sql.exec<Columns<keyof ChainRow>>(
    `SELECT first_seq, last_seq, head, salts, leaves, events FROM log
     WHERE first_seq > ? AND first_seq <= ? ORDER BY first_seq`,
    after,
    to,
  );
  for (const row of rows) yield bytesIn(row);
}

/** Rows from the one that holds `seq`, in order. */
export function* chainRowsFrom(sql: SqlStorage, seq: number): Generator<ChainRow> {
  const rows = sql.exec<Columns<keyof ChainRow>>(
    `SELECT first_seq, last_seq, head, salts, leaves, events FROM log
     ${FROM_ROW_WITH} ORDER BY first_seq`,
    seq,
  );
  for (const row of rows) yield bytesIn(row);
}

/** The head of the row before the one that begins at `first_seq`. */
export function headBefore(sql: SqlStorage, first_seq: number): Uint8Array {
  const { head } = sql
    .exec<Columns<"head">>(
      "SELECT head FROM log WHERE first_seq < ? ORDER BY first_seq DESC LIMIT 1",
      first_seq,
    )
    .one();
  return new Uint8Array(head);
}

/** The row that holds a seq. */
export function rowWith(sql: SqlStorage, seq: number): ChainRow | null {
  const found = sql
    .exec<Columns<keyof ChainRow>>(
      `SELECT first_seq, last_seq, head, salts, leaves, events FROM log
       WHERE first_seq <= ?1 AND last_seq >= ?1 ORDER BY first_seq DESC LIMIT 1`,
      seq,
    )
    .toArray()[0];
  return found === undefined ? null : bytesIn(found);
}

export interface TextRow {
  first_seq: number;
  last_seq: number;
  /** JSON texts in UTF-8, joined by newlines; an empty line is a forgotten event. */
  events: ArrayBuffer;
}

/** The row that holds seq ?1, and all after it. */
const FROM_ROW_WITH = `WHERE last_seq >= ?1
  AND first_seq >= coalesce((SELECT max(first_seq) FROM log WHERE first_seq <= ?1), 0)`;

/** Rows from the one that holds `after + 1`, in order; the first may begin before it. */
export function textRows(sql: SqlStorage, after: number): Iterable<TextRow> {
  return sql.exec<{ first_seq: number; last_seq: number; events: ArrayBuffer }>(
    `SELECT first_seq, last_seq, events FROM log
     WHERE first_seq >= coalesce((SELECT max(first_seq) FROM log WHERE first_seq <= ?1), 0) AND last_seq >= ?1
     ORDER BY first_seq`,
    after + 1,
  );
}

/** When the row that holds `after + 1` was stored. */
export function receivedAfter(sql: SqlStorage, after: number): number | null {
  const found = sql
    .exec<Columns<"received_ms">>(
      `SELECT received_ms FROM log ${FROM_ROW_WITH} ORDER BY first_seq LIMIT 1`,
      after + 1,
    )
    .toArray()[0];
  return found?.received_ms ?? null;
}

/** When an event of the log was received, ms. */
export function receivedMs(sql: SqlStorage, seq: number): number {
  return sql
    .exec<Columns<"received_ms">>(
      "SELECT received_ms FROM log WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1",
      seq,
    )
    .one().received_ms;
}

export type DrainRow = Columns<"first_seq" | "last_seq" | "received_ms" | "events"> & { head: Uint8Array };

/** Rows from the one that holds `after + 1`, in order, at most `limit`; the first may begin before it. */
export function* drainRows(sql: SqlStorage, after: number, limit: number): Generator<DrainRow> {
  const rows = sql.exec<Columns<"first_seq" | "last_seq" | "received_ms" | "events" | "head">>(
    `SELECT first_seq, last_seq, received_ms, head, events FROM log
     ${FROM_ROW_WITH} ORDER BY first_seq LIMIT ?2`,
    after + 1,
    limit,
  );
  for (const row of rows) yield { ...row, head: new Uint8Array(row.head) };
}

export interface Line {
  seq: number;
  /** Empty when the event was forgotten. */
  text: string;
}

/** Every seq after `after`, in order. */
export function* lines(sql: SqlStorage, after: number): Generator<Line> {
  for (const row of textRows(sql, after)) {
    let seq = row.first_seq;
    for (const text of textsOf(row.events)) {
      if (seq > after) yield { seq, text };
      seq += 1;
    }
  }
}

/** Whether one of the events after `after` fits; null: there are more than `most`, and nobody looked. */
export function tailFits(sql: SqlStorage, after: number, pattern: RegExp, most: number): boolean | null {
  let looked = 0;
  for (const { text } of lines(sql, after)) {
    if (++looked > most) return null;
    if (pattern.test(text)) return true;
  }
  return false;
}

function bytesIn(row: Columns<keyof ChainRow>): ChainRow {
  return {
    ...row,
    head: new Uint8Array(row.head),
    salts: new Uint8Array(row.salts),
    leaves: new Uint8Array(row.leaves),
    events: new Uint8Array(row.events),
  };
}
