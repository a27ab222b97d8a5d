/**
 * The tally on disk: one row per slot of time, and which seq it is of. Written with each snapshot, and only the
 * slots that changed; like it a shortcut, and of no use without one of the same seq: whoever wakes without both
 * counts the whole log anew.
 */
import { Tally, TALLY_VERSION, type WireSlot } from "../../schema/metric/tally.ts";

/** Inside the caller's transaction; `noteStored` follows once that is done. */
export function writeTally(sql: SqlStorage, tally: Tally, seq: number): void {
  for (const [slot, wire] of tally.changed()) {
    if (wire === null) sql.exec("DELETE FROM tally WHERE slot = ?", slot);
    else
      sql.exec(
        "INSERT OR REPLACE INTO tally (slot, bytes) VALUES (?, ?)",
        slot,
        new TextEncoder().encode(JSON.stringify(wire)),
      );
  }
  sql.exec(
    "INSERT OR REPLACE INTO tally_head (one, seq, version, now_ms) VALUES (1, ?, ?, ?)",
    seq,
    TALLY_VERSION,
    tally.now_ms,
  );
}

/** Null when what is stored is of another seq or version: it is of no use then, and goes. */
export function readTally(sql: SqlStorage, seq: number): Tally | null {
  const head = sql
    .exec<{ seq: number; version: number; now_ms: number }>("SELECT seq, version, now_ms FROM tally_head")
    .toArray()[0];
  if (head === undefined || head.seq !== seq || head.version !== TALLY_VERSION) return null;
  const slots = sql.exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM tally").toArray();
  const utf8 = new TextDecoder();
  return Tally.decode(
    head.now_ms,
    slots.map(({ bytes }) => JSON.parse(utf8.decode(bytes)) as WireSlot),
  );
}

/** Before it is counted anew: slots of the old one must not stay among those of the new. */
export function dropTally(sql: SqlStorage): void {
  sql.exec("DELETE FROM tally");
  sql.exec("DELETE FROM tally_head");
}
