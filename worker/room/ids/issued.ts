/** Which seqs were ever given out: one id for each, which outlives the event. */
import { ENTRY_BYTES } from "./entry.ts";
import { countLegacy, LEGACY_TIER } from "./legacy.ts";
import type { RunRange } from "./run.ts";

export interface Issued {
  /** The seqs that one run or commit took. */
  first_seq: number;
  last_seq: number;
  /** How many ids it holds. */
  ids: number;
}

/** What took `seq`; null when nothing did. */
export function issuedWith(sql: SqlStorage, seq: number): Issued | null {
  const run = sql
    .exec<{ tier: number; first_seq: number; last_seq: number }>(
      "SELECT tier, first_seq, last_seq FROM id_run WHERE first_seq <= ?1 AND last_seq >= ?1 LIMIT 1",
      seq,
    )
    .toArray()[0];
  if (run !== undefined) return { ...run, ids: idsIn(sql, run) };
  const fresh = sql
    .exec<{ first_seq: number; ids: number }>(
      `SELECT first_seq, length(entries) / ${String(ENTRY_BYTES)} AS ids FROM id_fresh
       WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
      seq,
    )
    .toArray()[0];
  if (fresh === undefined || fresh.first_seq + fresh.ids <= seq) return null;
  return { ...fresh, last_seq: fresh.first_seq + fresh.ids - 1 };
}

/** Lengths alone are read: a millisecond for a million. */
function idsIn(sql: SqlStorage, { tier, first_seq }: RunRange): number {
  if (tier === LEGACY_TIER) return countLegacy(sql);
  return sql
    .exec<{ ids: number }>(
      `SELECT coalesce(sum(length(entries)), 0) / ${String(ENTRY_BYTES)} AS ids FROM id_part
       WHERE tier = ? AND first_seq = ?`,
      tier,
      first_seq,
    )
    .one().ids;
}

/** The highest seq that was given out; 0 when none was. */
export function highestIssued(sql: SqlStorage): number {
  return sql
    .exec<{ seq: number }>(
      `SELECT max(
         coalesce((SELECT max(last_seq) FROM id_run), 0),
         coalesce((SELECT first_seq + length(entries) / ${String(ENTRY_BYTES)} - 1 FROM id_fresh
                   ORDER BY first_seq DESC LIMIT 1), 0)) AS seq`,
    )
    .one().seq;
}

/**
 * The first seq that was given out a second time; null when none was. A log that lost its tail and grew past it
 * again has a chain that is whole and an id for each seq: only this tells.
 */
export function issuedTwice(sql: SqlStorage): number | null {
  const ranges = sql.exec<{ first_seq: number; last_seq: number }>(
    `SELECT first_seq, last_seq FROM id_run
     UNION ALL SELECT first_seq, first_seq + length(entries) / ${String(ENTRY_BYTES)} - 1 FROM id_fresh
     ORDER BY first_seq`,
  );
  let end = 0;
  let twice: number | null = null;
  for (const { first_seq, last_seq } of ranges) {
    if (first_seq <= end) twice ??= first_seq;
    end = Math.max(end, last_seq);
  }
  return twice;
}
