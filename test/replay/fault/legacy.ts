/** The memory of ids as rooms had it before tables version 8, and as `migrate` adopts it: a row for each. */
import { HASH_BYTES, ENTRY_BYTES } from "../../../worker/room/ids/entry.ts";
import { LEGACY_TIER } from "../../../worker/room/ids/legacy.ts";
import { readRuns } from "../../../worker/room/ids/run.ts";

/** Of a room that is not awake. */
export function becomeLegacy(storage: DurableObjectStorage): void {
  const { sql } = storage;
  // It has not gone from there yet.
  if (readRuns(sql).some(({ tier }) => tier === LEGACY_TIER)) return;
  storage.transactionSync(() => {
    const blobs = sql
      .exec<{ entries: ArrayBuffer }>(
        `SELECT entries FROM id_fresh UNION ALL
         SELECT entries FROM id_part JOIN id_run USING (tier, first_seq)`,
      )
      .toArray();
    sql.exec(
      "CREATE TABLE IF NOT EXISTS ids (id_hash BLOB PRIMARY KEY, seq INTEGER NOT NULL, body_hash BLOB) WITHOUT ROWID",
    );
    // Of an earlier time, and not dropped yet.
    sql.exec("DELETE FROM ids");
    for (const entries of blobs.map((row) => new Uint8Array(row.entries))) {
      for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
        const body = entries.slice(at + HASH_BYTES, at + ENTRY_BYTES);
        sql.exec(
          "INSERT INTO ids (id_hash, seq, body_hash) VALUES (?, 0, ?)",
          entries.slice(at, at + HASH_BYTES),
          body.every((byte) => byte === 0) ? null : body,
        );
      }
    }
    for (const table of ["id_fresh", "id_part", "id_run"]) sql.exec(`DELETE FROM ${table}`);
    sql.exec("INSERT INTO id_run SELECT ?, 1, max(last_seq) FROM log HAVING count(*) > 0", LEGACY_TIER);
  });
}
