/** The stored state: a shortcut for waking up. The log alone is the truth, so a snapshot may be missing or stale. */
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import { atomically } from "./atomic.ts";
import { decodeState, stateText } from "./fold.ts";
import { MAX_SNAPSHOT_PART_BYTES } from "./limits.ts";

/** Raised when `apply` or the state's shape changes: older snapshots are then ignored and the log is folded anew. */
export const SNAPSHOT_VERSION = 8;

/** The state's canonical text in UTF-8. */
export function stateBytes(state: ProjectState): Uint8Array {
  return new TextEncoder().encode(stateText(state));
}

/** Replaces the stored snapshot. Returns the rows written. */
export function writeSnapshot(storage: DurableObjectStorage, seq: number, bytes: Uint8Array): number {
  return atomically(storage, () => {
    const { sql } = storage;
    let rows_written = sql.exec("DELETE FROM snapshot").rowsWritten;
    for (let part = 0; part * MAX_SNAPSHOT_PART_BYTES < bytes.length; part += 1) {
      const from = part * MAX_SNAPSHOT_PART_BYTES;
      rows_written += sql.exec(
        "INSERT INTO snapshot (part, seq, version, bytes) VALUES (?, ?, ?, ?)",
        part,
        seq,
        SNAPSHOT_VERSION,
        bytes.subarray(from, from + MAX_SNAPSHOT_PART_BYTES),
      ).rowsWritten;
    }
    return rows_written;
  });
}

/** Null when there is none that this version understands, or it lies after the end of the log. */
export function readSnapshot(sql: SqlStorage, head_seq: number): { seq: number; state: ProjectState } | null {
  const parts = sql
    .exec<{ seq: number; version: number; bytes: ArrayBuffer }>(
      "SELECT seq, version, bytes FROM snapshot ORDER BY part",
    )
    .toArray();
  const [first] = parts;
  if (first === undefined || first.version !== SNAPSHOT_VERSION || first.seq > head_seq) return null;
  const utf8 = new TextDecoder();
  const text = parts.map((part) => utf8.decode(part.bytes, { stream: true })).join("") + utf8.decode();
  return { seq: first.seq, state: decodeState(JSON.parse(text) as WireState) };
}

export function dropSnapshot(sql: SqlStorage): void {
  sql.exec("DELETE FROM snapshot");
}
