/** Whether what is kept of ids is that of the log's events: an id that was swapped would let its event in a second time (L2). */
import { bytesOf, hexOf } from "../chain.ts";
import { createHashId, ENTRY_BYTES, viewOf, compareHashes } from "./entry.ts";
import { LEGACY_TIER } from "./legacy.ts";
import { partWith, placeIn, type RunRange } from "./run.ts";

/** Of these events, in order of seq, the first whose id is not known where it belongs; null: all are. */
export function wrongId(sql: SqlStorage, events: Iterable<{ seq: number; id: string }>): number | null {
  const hashId = createHashId();
  let run: RunRange | null = null;
  for (const { seq, id } of events) {
    const id_hash = hashId(id).slice();
    if (run === null || seq > run.last_seq) run = runWith(sql, seq);
    const is_there = run === null ? isFresh(sql, seq, id_hash) : isIn(sql, run, id_hash);
    if (!is_there) return seq;
  }
  return null;
}

function runWith(sql: SqlStorage, seq: number): RunRange | null {
  const found = sql.exec<{ tier: number; first_seq: number; last_seq: number }>(
    "SELECT tier, first_seq, last_seq FROM id_run WHERE first_seq <= ?1 AND last_seq >= ?1 LIMIT 1",
    seq,
  );
  return found.toArray()[0] ?? null;
}

function isIn(sql: SqlStorage, run: RunRange, id_hash: Uint8Array): boolean {
  if (run.tier === LEGACY_TIER)
    return sql.exec("SELECT 1 FROM ids WHERE id_hash = ?", bytesOf(hexOf(id_hash))).toArray().length > 0;
  const part = partWith(sql, run, id_hash);
  return part !== null && placeIn(part, viewOf(id_hash), 0) >= 0;
}

/** Fresh entries stand in order of seq, one each. */
function isFresh(sql: SqlStorage, seq: number, id_hash: Uint8Array): boolean {
  const row = sql
    .exec<{ first_seq: number; entries: ArrayBuffer }>(
      "SELECT first_seq, entries FROM id_fresh WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1",
      seq,
    )
    .toArray()[0];
  if (row === undefined) return false;
  const at = (seq - row.first_seq) * ENTRY_BYTES;
  const entries = new Uint8Array(row.entries);
  return at < entries.length && compareHashes(viewOf(entries), at, viewOf(id_hash), 0) === 0;
}
