/** Parts of runs that were merged into a larger one: removed in slices, after the larger one is there. */
import { REMOVE_SLICE_PARTS } from "./limits.ts";
import type { RunName } from "./run.ts";

/** Every run of which parts are stored, whole, half written or left over: one step in the index each. */
export function* storedRuns(sql: SqlStorage): Generator<RunName> {
  let [tier, first_seq] = [-1, 0];
  for (;;) {
    const next = sql
      .exec<{ tier: number; first_seq: number }>(
        `SELECT tier, first_seq FROM id_part WHERE (tier, first_seq) > (?, ?)
         ORDER BY tier, first_seq LIMIT 1`,
        tier,
        first_seq,
      )
      .toArray()[0];
    if (next === undefined) return;
    yield next;
    ({ tier, first_seq } = next);
  }
}

/** Those whose seqs a run of a higher tier has. A half written target has none above it. */
function leftover(sql: SqlStorage): RunName | null {
  for (const { tier, first_seq } of storedRuns(sql)) {
    const { found } = sql
      .exec<{ found: number }>(
        `SELECT EXISTS (SELECT 1 FROM id_run WHERE tier > ?1 AND first_seq <= ?2 AND last_seq >= ?2) AS found`,
        tier,
        first_seq,
      )
      .one();
    if (found === 1) return { tier, first_seq };
  }
  return null;
}

export function hasLeftovers(sql: SqlStorage): boolean {
  return leftover(sql) !== null;
}

/** One slice, inside the caller's transaction. False: nothing is left over. */
export function removeLeftovers(sql: SqlStorage): boolean {
  const run = leftover(sql);
  if (run === null) return false;
  sql.exec(
    `DELETE FROM id_part WHERE tier = ?1 AND first_seq = ?2 AND first_id IN
       (SELECT first_id FROM id_part WHERE tier = ?1 AND first_seq = ?2 ORDER BY first_id LIMIT ?3)`,
    run.tier,
    run.first_seq,
    REMOVE_SLICE_PARTS,
  );
  return true;
}
