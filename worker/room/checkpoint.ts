/**
 * Earlier states, so that a look at the past folds a bounded part of the log.
 * A checkpoint is a shortcut like the snapshot: any may be missing, and those
 * of another SNAPSHOT_VERSION are not read.
 */
import { gzipSync } from "node:zlib";
import {
  MAX_CHECKPOINT_BYTES,
  MAX_CHECKPOINTS,
  MAX_CHECKPOINTS_BYTES,
  MAX_SNAPSHOT_PART_BYTES,
} from "./limits.ts";
import { SNAPSHOT_VERSION } from "./snapshot.ts";

/** Fastest: a state is names and numbers that repeat, and levels above gain little. */
const GZIP_LEVEL = 1;

/** `text`: the state's canonical text at `seq`. Inside the caller's transaction. */
export function writeCheckpoint(sql: SqlStorage, seq: number, text: Uint8Array): void {
  const packed = gzipSync(text, { level: GZIP_LEVEL });
  if (packed.length > MAX_CHECKPOINT_BYTES) return;
  sql.exec("DELETE FROM checkpoint WHERE version <> ? OR seq = ?", SNAPSHOT_VERSION, seq);
  for (let part = 0; part * MAX_SNAPSHOT_PART_BYTES < packed.length; part += 1) {
    const from = part * MAX_SNAPSHOT_PART_BYTES;
    sql.exec(
      "INSERT INTO checkpoint (seq, part, version, bytes) VALUES (?, ?, ?, ?)",
      seq,
      part,
      SNAPSHOT_VERSION,
      packed.subarray(from, from + MAX_SNAPSHOT_PART_BYTES),
    );
  }
  const kept = sql
    .exec<{ seq: number; bytes: number }>(
      "SELECT seq, sum(length(bytes)) AS bytes FROM checkpoint GROUP BY seq ORDER BY seq",
    )
    .toArray();
  for (const gone of surplus(kept, MAX_CHECKPOINTS, MAX_CHECKPOINTS_BYTES)) {
    sql.exec("DELETE FROM checkpoint WHERE seq = ?", gone);
  }
}

/**
 * Which checkpoints go, so that limits hold: each time the one whose removal
 * leaves the smallest gap; never the newest. The smallest is at most the mean,
 * so no gap made here is over 2 · seq / `max_count`, while bytes allow it.
 */
export function surplus(
  checkpoints: readonly { seq: number; bytes: number }[],
  max_count: number,
  max_bytes: number,
): number[] {
  const kept = [...checkpoints];
  const gone: number[] = [];
  let bytes = kept.reduce((sum, checkpoint) => sum + checkpoint.bytes, 0);
  while (kept.length > 1 && (kept.length > max_count || bytes > max_bytes)) {
    let at = 0;
    let smallest = Infinity;
    for (let i = 0; i < kept.length - 1; i += 1) {
      const gap = (kept[i + 1]?.seq ?? 0) - (kept[i - 1]?.seq ?? 0);
      if (gap < smallest) {
        smallest = gap;
        at = i;
      }
    }
    for (const removed of kept.splice(at, 1)) {
      gone.push(removed.seq);
      bytes -= removed.bytes;
    }
  }
  return gone;
}

export function checkpointSeqs(sql: SqlStorage): number[] {
  return sql
    .exec<{ seq: number }>(
      "SELECT seq FROM checkpoint WHERE part = 0 AND version = ? ORDER BY seq",
      SNAPSHOT_VERSION,
    )
    .toArray()
    .map(({ seq }) => seq);
}

/** The newest at or before `seq`, as gzip of the state's text; null when there is none. */
export function checkpointAt(sql: SqlStorage, seq: number): { seq: number; gzip: Uint8Array } | null {
  const parts = sql
    .exec<{ seq: number; bytes: ArrayBuffer }>(
      `SELECT seq, bytes FROM checkpoint
       WHERE seq = (SELECT max(seq) FROM checkpoint WHERE seq <= ?1 AND version = ?2) ORDER BY part`,
      seq,
      SNAPSHOT_VERSION,
    )
    .toArray();
  const [first] = parts;
  if (first === undefined) return null;
  const gzip = new Uint8Array(parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
  let at = 0;
  for (const { bytes } of parts) {
    gzip.set(new Uint8Array(bytes), at);
    at += bytes.byteLength;
  }
  return { seq: first.seq, gzip };
}

/** After events were destroyed: every state that they are in goes. Returns the newest that is left, or 0. */
export function dropCheckpoints(sql: SqlStorage, from_seq: number): number {
  sql.exec("DELETE FROM checkpoint WHERE seq >= ?", from_seq);
  return checkpointSeqs(sql).at(-1) ?? 0;
}
