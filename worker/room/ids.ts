/**
 * One id is one event, for ever (L2): the hash of every id that was stored.
 * Entries travel to SQLite as one blob and are cut apart there: one statement
 * per commit costs half of one statement per event (test/bench/append.ts).
 */
import { hash } from "node:crypto";
import { Sha256 } from "../../schema/event/sha256.ts";
import { bytesOf, hexOf } from "./chain.ts";

/** First bytes of a SHA-256 that are kept: enough that two ids never meet (2^-64 after 2^32 events). */
export const HASH_BYTES = 16;
/** The hash of an id, then that of its body. */
export const ENTRY_BYTES = 2 * HASH_BYTES;

/** The first HASH_BYTES of SHA-256(id), valid until the next call. */
export type HashId = (id: string) => Uint8Array;

export function createHashId(): HashId {
  const sha256 = new Sha256();
  return (id) => (sha256.ofShort(id) ?? bytesOf(hash("sha256", id, "hex"))).subarray(0, HASH_BYTES);
}

/** Body hashes by id hash of the ids that are known; null for a forgotten event. */
export type KnownIds = Map<string, string | null>;

const COUNT = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)";

export function findKnown(sql: SqlStorage, entries: Uint8Array): KnownIds {
  const known: KnownIds = new Map();
  if (entries.length === 0) return known;
  const rows = sql.exec<{ id_hash: ArrayBuffer; body_hash: ArrayBuffer | null }>(
    `${COUNT} SELECT ids.id_hash, ids.body_hash FROM n CROSS JOIN ids ON ids.id_hash = substr(?2, 1 + 32 * n.i, 16)`,
    entries.length / ENTRY_BYTES,
    entries,
  );
  for (const { id_hash, body_hash } of rows) {
    known.set(hexOf(new Uint8Array(id_hash)), body_hash === null ? null : hexOf(new Uint8Array(body_hash)));
  }
  return known;
}

/**
 * Remembers ids at `first_seq`, `first_seq + 1`, … Returns the rows written,
 * or null when one of them is known: then none of them was remembered. Trying
 * first saves a look-up in the common case, where all are new.
 */
export function rememberIds(sql: SqlStorage, first_seq: number, entries: Uint8Array): number | null {
  if (entries.length === 0) return 0;
  try {
    return sql.exec(
      `${COUNT} INSERT INTO ids (id_hash, seq, body_hash)
       SELECT substr(?2, 1 + 32 * i, 16), ?3 + i, substr(?2, 17 + 32 * i, 16) FROM n`,
      entries.length / ENTRY_BYTES,
      entries,
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
  sql.exec("UPDATE ids SET body_hash = NULL WHERE id_hash = ?", createHashId()(id));
}

export interface IdsPart {
  /** Ids looked at. */
  ids: number;
  /** Those whose seq is at most `to`. */
  within: number;
  /** Of all of them. */
  highest_seq: number;
  /** Where the next part begins; null when there was none. */
  last: Uint8Array | null;
}

/** The seqs that were ever given out, `limit` at a time in the order of their ids' hashes. */
export function issuedPart(sql: SqlStorage, after: Uint8Array, to: number, limit: number): IdsPart {
  const { last, ...part } = sql
    .exec<{ ids: number; within: number; highest_seq: number; last: ArrayBuffer | null }>(
      `SELECT count(*) AS ids, count(*) FILTER (WHERE seq <= ?2) AS within,
              coalesce(max(seq), 0) AS highest_seq, max(id_hash) AS last
       FROM (SELECT id_hash, seq FROM ids WHERE id_hash > ?1 ORDER BY id_hash LIMIT ?3)`,
      after,
      to,
      limit,
    )
    .one();
  return { ...part, last: last === null ? null : new Uint8Array(last) };
}
