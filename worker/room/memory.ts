/** What a room keeps in memory: all of it can be rebuilt from disk (S1). */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { GENESIS, hexOf } from "./chain.ts";
import type { Head } from "../../schema/wire/http.ts";
import { apply, createState, stateText } from "./fold.ts";
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

/** Holds the memory, loads it when it is needed, and writes its state as text once per seq. */
export class Live {
  readonly #sql: SqlStorage;
  #memory: Memory | null = null;
  /** Shared by viewers that join together. */
  #encoded: { seq: number; text: string } | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get(): Memory {
    this.#memory ??= loadMemory(this.#sql);
    return this.#memory;
  }

  /** After a failed commit, or when the log changed: the next `get` rebuilds from disk. */
  drop(): void {
    this.#memory = null;
    this.#encoded = null;
  }

  head(): Head {
    const { seq, head } = this.get();
    return { seq, hash: hexOf(head) };
  }

  /** JSON of a WireState. */
  stateText(): string {
    const { seq, state } = this.get();
    if (this.#encoded?.seq !== seq) this.#encoded = { seq, text: stateText(state) };
    return this.#encoded.text;
  }

  /** A ServerMessage of type `snapshot`. */
  snapshotMessage(): string {
    const { seq, state } = this.get();
    return `{"type":"snapshot","seq":${seq},"time":${state.time},"state":${this.stateText()}}`;
  }
}
