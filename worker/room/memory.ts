/** What a room keeps in memory: all of it can be rebuilt from disk (S1). */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { GENESIS } from "./chain.ts";
import { apply, createState } from "./fold.ts";
import { lastRow, lines } from "./log.ts";
import { readSnapshot } from "./snapshot.ts";

export interface Memory {
  state: ProjectState;
  /** The last seq of the log. */
  seq: number;
  /** The chain's hash there. */
  head: Uint8Array;
  /** The room's clock at the last commit; it never goes back. */
  received_ms: number;
  /** The seq of the stored snapshot. */
  snapshot_seq: number;
}

/** The newest snapshot plus the log's tail. */
export function loadMemory(sql: SqlStorage): Memory {
  const end = lastRow(sql);
  const seq = end?.last_seq ?? 0;
  const snapshot = readSnapshot(sql, seq);
  const state = snapshot?.state ?? createState();
  const snapshot_seq = snapshot?.seq ?? 0;
  for (const { text } of lines(sql, snapshot_seq)) {
    if (text !== "") apply(state, JSON.parse(text) as StoredEvent);
  }
  return { state, seq, head: end?.head ?? GENESIS, received_ms: end?.received_ms ?? 0, snapshot_seq };
}
