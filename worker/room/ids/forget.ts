/** Takes the body hash of a forgotten event out of every place that has it; the id stays known. */
import { compareHashes, ENTRY_BYTES, viewOf, wipeBody } from "./entry.ts";
import { forgetLegacy } from "./legacy.ts";
import { storedRuns } from "./leftover.ts";
import { partWith, placeIn } from "./run.ts";

/** Inside the caller's transaction; whoever holds `Ids` in memory drops them. */
export function forgetBody(sql: SqlStorage, id_hash: Uint8Array): void {
  const id = viewOf(id_hash.slice());
  for (const { first_seq, entries } of freshRows(sql)) {
    const view = viewOf(entries);
    for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
      if (compareHashes(view, at, id, 0) !== 0) continue;
      wipeBody(entries, at);
      sql.exec("UPDATE id_fresh SET entries = ? WHERE first_seq = ?", entries, first_seq);
    }
  }
  // Also in half written and left-over parts: a merge under way would bring it back.
  for (const run of [...storedRuns(sql)]) {
    const part = partWith(sql, run, id_hash);
    const at = part === null ? -1 : placeIn(part, id, 0);
    if (part === null || at < 0) continue;
    wipeBody(part, at);
    sql.exec(
      "UPDATE id_part SET entries = ? WHERE tier = ? AND first_seq = ? AND first_id = ?",
      part,
      run.tier,
      run.first_seq,
      part.slice(0, id_hash.length),
    );
  }
  forgetLegacy(sql, id_hash);
}

function freshRows(sql: SqlStorage): { first_seq: number; entries: Uint8Array }[] {
  return sql
    .exec<{ first_seq: number; entries: ArrayBuffer }>("SELECT first_seq, entries FROM id_fresh")
    .toArray()
    .map(({ first_seq, entries }) => ({ first_seq, entries: new Uint8Array(entries) }));
}
