/**
 * A sorted run: the ids of a range of seqs, in parts of PART_ENTRIES in order of their hashes. The parts are on
 * disk; where they begin, and of their filters what fits, in memory.
 */
import { compareHashes, ENTRY_BYTES, HASH_BYTES, lowerBound, note, viewOf, type KnownIds } from "./entry.ts";
import { FILTER_BYTES, filterOf, mayHold } from "./filter.ts";
import { LEGACY_TIER } from "./legacy.ts";
import { PART_ENTRIES } from "./limits.ts";
import { PartIndex } from "./part-index.ts";
import { partsOf, WHOLE } from "./share.ts";

/** Its seqs, and how often its ids were merged. A run is named by tier and first seq. */
export interface RunRange {
  tier: number;
  first_seq: number;
  last_seq: number;
}
export type RunName = Pick<RunRange, "tier" | "first_seq">;

export function idsIn({ first_seq, last_seq }: RunRange): number {
  return last_seq - first_seq + 1;
}

/** Writes sorted entries as the next parts of a run. Returns the rows written. */
export function writeParts(sql: SqlStorage, run: RunName, entries: Uint8Array, index: PartIndex): number {
  let rows_written = 0;
  for (let from = 0; from < entries.length; from += PART_ENTRIES * ENTRY_BYTES) {
    const part = entries.subarray(from, from + PART_ENTRIES * ENTRY_BYTES);
    const view = viewOf(part);
    const filter = filterOf(view);
    rows_written += sql.exec(
      "INSERT INTO id_part (tier, first_seq, first_id, filter, entries) VALUES (?, ?, ?, ?, ?)",
      run.tier,
      run.first_seq,
      part.subarray(0, HASH_BYTES),
      filter,
      part,
    ).rowsWritten;
    index.add(view.getUint32(0), filter);
  }
  return rows_written;
}

export function readIndex(sql: SqlStorage, run: RunRange, level: number): PartIndex {
  const { tier, first_seq } = run;
  const index = new PartIndex(level, tier === LEGACY_TIER ? 0 : partsOf(idsIn(run)));
  // A part that was written with a smaller filter: one is made of its entries, at each waking up until it is merged.
  const rows = sql.exec<{ first_id: ArrayBuffer; filter: ArrayBuffer | null; entries: ArrayBuffer | null }>(
    `SELECT first_id, iif(length(filter) = ?3, filter, NULL) AS filter,
            iif(length(filter) = ?3, NULL, entries) AS entries
     FROM id_part WHERE tier = ?1 AND first_seq = ?2 ORDER BY first_id`,
    tier,
    first_seq,
    FILTER_BYTES,
  );
  for (const { first_id, filter, entries } of rows) {
    const made =
      filter === null ? filterOf(new DataView(entries ?? new ArrayBuffer())) : new Uint8Array(filter);
    index.add(new DataView(first_id).getUint32(0), made);
  }
  return index;
}

/** Of the part that would hold an id; null when all begin after it. Its filter is read without its entries. */
export function partWith(
  sql: SqlStorage,
  { tier, first_seq }: RunName,
  id_hash: Uint8Array,
  column: "entries" | "filter" = "entries",
): Uint8Array | null {
  const found = sql
    .exec<{ bytes: ArrayBuffer }>(
      `SELECT ${column} AS bytes FROM id_part WHERE tier = ? AND first_seq = ? AND first_id <= ?
       ORDER BY first_id DESC LIMIT 1`,
      tier,
      first_seq,
      id_hash,
    )
    .toArray()[0];
  return found === undefined ? null : new Uint8Array(found.bytes);
}

/** The part behind the one that begins with `first_id`, or the first. */
export function partAfter(
  sql: SqlStorage,
  { tier, first_seq }: RunName,
  first_id: Uint8Array,
): Uint8Array | null {
  const found = sql
    .exec<{ entries: ArrayBuffer }>(
      `SELECT entries FROM id_part WHERE tier = ? AND first_seq = ? AND first_id > ?
       ORDER BY first_id LIMIT 1`,
      tier,
      first_seq,
      first_id,
    )
    .toArray()[0];
  return found === undefined ? null : new Uint8Array(found.entries);
}

/** Where an id stands in the bytes of sorted entries; −1 when it does not. */
export function placeIn(part: Uint8Array, entries: DataView, at: number): number {
  const view = viewOf(part);
  const place = lowerBound(view, entries, at) * ENTRY_BYTES;
  return place < part.length && compareHashes(view, place, entries, at) === 0 ? place : -1;
}

/** Looks into the run, after what memory holds of its filter let the id through. */
export function findIn(
  sql: SqlStorage,
  run: RunName,
  level: number,
  entries: DataView,
  at: number,
  known: KnownIds,
): void {
  const id_hash = new Uint8Array(entries.buffer, entries.byteOffset + at, HASH_BYTES);
  if (level !== WHOLE) {
    // The whole filter is a sixteenth of the part, and mostly says no.
    const filter = partWith(sql, run, id_hash, "filter");
    if (filter === null) return;
    // One of a smaller make is read in another way, which is not worth keeping: the part tells.
    if (filter.length === FILTER_BYTES && !mayHold(filter, 0, entries, at)) return;
  }
  const part = partWith(sql, run, id_hash);
  const place = part === null ? -1 : placeIn(part, entries, at);
  if (part !== null && place >= 0) note(known, part, place);
}

/** In order of seq. */
export function readRuns(sql: SqlStorage): RunRange[] {
  return sql
    .exec<{ tier: number; first_seq: number; last_seq: number }>(
      "SELECT tier, first_seq, last_seq FROM id_run ORDER BY first_seq",
    )
    .toArray();
}

/** Inside the caller's transaction. Returns the rows written. */
export function writeRun(sql: SqlStorage, { tier, first_seq, last_seq }: RunRange): number {
  return sql.exec(
    "INSERT INTO id_run (tier, first_seq, last_seq) VALUES (?, ?, ?)",
    tier,
    first_seq,
    last_seq,
  ).rowsWritten;
}
