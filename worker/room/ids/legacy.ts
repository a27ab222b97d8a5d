/**
 * The table `ids` of rooms from before tables version 8: a row per id. It counts as a run of its own until the
 * merge has written it anew; it is in order of the hashes already.
 */
import { bytesOf, hexOf } from "../chain.ts";
import { ENTRY_BYTES, HASH_BYTES, type KnownIds } from "./entry.ts";
import { PART_ENTRIES } from "./limits.ts";

/** Below those of runs. */
export const LEGACY_TIER = -1;

type Row = { id_hash: ArrayBuffer; body_hash: ArrayBuffer | null };

export function findLegacy(sql: SqlStorage, entries: Uint8Array, known: KnownIds): void {
  const rows = sql.exec<Row>(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
     SELECT ids.id_hash, ids.body_hash FROM n CROSS JOIN ids ON ids.id_hash = substr(?2, 1 + 32 * n.i, 16)`,
    entries.length / ENTRY_BYTES,
    entries,
  );
  for (const { id_hash, body_hash } of rows) {
    known.set(hexOf(new Uint8Array(id_hash)), body_hash === null ? null : hexOf(new Uint8Array(body_hash)));
  }
}

/** Some entries behind an id hash, in order; null when there are none. */
export function legacyAfter(sql: SqlStorage, after: Uint8Array): Uint8Array | null {
  const rows = sql
    .exec<Row>(
      "SELECT id_hash, body_hash FROM ids WHERE id_hash > ? ORDER BY id_hash LIMIT ?",
      after,
      PART_ENTRIES,
    )
    .toArray();
  const entries = new Uint8Array(rows.length * ENTRY_BYTES);
  rows.forEach(({ id_hash, body_hash }, i) => {
    entries.set(new Uint8Array(id_hash), i * ENTRY_BYTES);
    if (body_hash !== null) entries.set(new Uint8Array(body_hash), i * ENTRY_BYTES + HASH_BYTES);
  });
  return rows.length === 0 ? null : entries;
}

/** All of it, in one turn (some 50 ms a million): a room has this table for seconds. */
export function countLegacy(sql: SqlStorage): number {
  return sql.exec<{ ids: number }>("SELECT count(*) AS ids FROM ids").one().ids;
}

export function forgetLegacy(sql: SqlStorage, id_hash: Uint8Array): void {
  if (hasLegacy(sql)) sql.exec("UPDATE ids SET body_hash = NULL WHERE id_hash = ?", bytesOf(hexOf(id_hash)));
}

function hasLegacy(sql: SqlStorage): boolean {
  const found = sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'ids'").toArray();
  return found.length > 0;
}

/** Once it is written anew; on waking up, because SQLite drops no table while anybody's cursor is open. */
export function dropLegacy(sql: SqlStorage): void {
  if (!hasLegacy(sql)) return;
  const needed = sql.exec("SELECT 1 FROM id_run WHERE tier = ?", LEGACY_TIER).toArray().length > 0;
  if (!needed) sql.exec("DROP TABLE ids");
}
