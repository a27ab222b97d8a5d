/**
 * One id is one event, for ever (L2): the hash of every id that was stored.
 * Hashes travel to SQLite as one blob of 32 bytes per event and are cut apart
 * there: one statement per commit costs half of one statement per event.
 */
import { hash } from "node:crypto";
import { bytesOf, hexOf } from "./chain.ts";

/** Hex digits of 16 bytes: enough that two ids never meet (2^-64 after 2^32 events). */
const PREFIX_DIGITS = 32;

export interface IdHash {
  /** Hex of the first 16 bytes of SHA-256(id). */
  id_hash: string;
  /** Hex of the first 16 bytes of the body's SHA-256. */
  body_hash: string;
}

export function hashId(id: string): string {
  return hash("sha256", id, "hex").slice(0, PREFIX_DIGITS);
}

export function bodyPrefix(body_sha256: string): string {
  return body_sha256.slice(0, PREFIX_DIGITS);
}

/** Body hashes by id hash of the ids that are known; null for a forgotten event. */
export type KnownIds = Map<string, string | null>;

const COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)";

export function findKnown(sql: SqlStorage, hashes: readonly IdHash[]): KnownIds {
  const known: KnownIds = new Map();
  if (hashes.length === 0) return known;
  const rows = sql.exec<{ i: number; body_hash: ArrayBuffer | null }>(
    `${COUNT} SELECT n.i, ids.body_hash FROM n CROSS JOIN ids ON ids.id_hash = substr(?2, 1 + 32 * n.i, 16)`,
    hashes.length,
    packed(hashes),
  );
  for (const row of rows) {
    const found = hashes[row.i];
    if (found) known.set(found.id_hash, row.body_hash === null ? null : hexOf(new Uint8Array(row.body_hash)));
  }
  return known;
}

/**
 * Remembers ids at `first_seq`, `first_seq + 1`, … Returns the rows written,
 * or null when one of them is known: then none of them was remembered. Trying
 * first saves a look-up in the common case, where all are new.
 */
export function rememberIds(sql: SqlStorage, first_seq: number, hashes: readonly IdHash[]): number | null {
  if (hashes.length === 0) return 0;
  try {
    return sql.exec(
      `${COUNT} INSERT INTO ids (id_hash, seq, body_hash)
       SELECT substr(?2, 1 + 32 * i, 16), ?3 + i, substr(?2, 17 + 32 * i, 16) FROM n`,
      hashes.length,
      packed(hashes),
      first_seq,
    ).rowsWritten;
  } catch (error) {
    // SQLite undoes the failed statement alone; the transaction goes on.
    if (error instanceof Error && error.message.includes("UNIQUE constraint failed: ids.id_hash"))
      return null;
    throw error;
  }
}

/** An unsalted body hash could confirm a guess at what was forgotten, so it goes with the bytes. */
export function forgetBody(sql: SqlStorage, id: string): void {
  sql.exec("UPDATE ids SET body_hash = NULL WHERE id_hash = ?", bytesOf(hashId(id)));
}

/** How many seqs were ever given out. */
export function issuedSeqs(sql: SqlStorage): number {
  return sql.exec<{ issued: number }>("SELECT coalesce(max(seq), 0) AS issued FROM ids").one().issued;
}

function packed(hashes: readonly IdHash[]): Uint8Array {
  let hex = "";
  for (const { id_hash, body_hash } of hashes) hex += id_hash + body_hash;
  return bytesOf(hex);
}
