/** What a room keeps in memory: all of it can be rebuilt from disk (S1). */
import { Tally } from "../../schema/metric/tally.ts";
import type { Unfoldable } from "../../schema/state/apply.ts";
import { encodeState } from "../../schema/state/encode.ts";
import { packText } from "../../schema/state/pack.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { GENESIS, hexOf } from "./chain.ts";
import type { StateReply } from "./contract.ts";
import type { Head } from "../../schema/wire/http.ts";
import { createState, eventOf, stateText, take } from "./fold.ts";
import { lastRow, lines } from "./log.ts";
import { ColumnTail, lastInSegments, writeSegments } from "./columns.ts";
import { checkpointSeqs, writeCheckpoint } from "./checkpoint.ts";
import { CHECKPOINT_EVERY_EVENTS } from "./limits.ts";
import { Ids } from "./ids/ids.ts";
import { readSnapshot } from "./snapshot.ts";
import { dropTally, readTally } from "./tally.ts";
import { lastTraced, Trace } from "./timeline.ts";

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
  /** The seq of the newest checkpoint. */
  checkpoint_seq: number;
  /** Times and marks of the events that are in no block of the timeline yet. */
  trace: Trace;
  /** The events that are in no stored segment of columns yet. */
  columns: ColumnTail;
  /** What is added up for the metrics; it observes the state's fold. */
  tally: Tally;
  /** Which ids are known. */
  ids: Ids;
}

/**
 * The newest snapshot plus the log's tail. Without a snapshot and its tally (another version, events destroyed) the
 * fold begins at the first event, since a checkpoint has no tally, and leaves checkpoints on its way. It never
 * begins after the end of the timeline or of the columns.
 */
export function loadMemory(sql: SqlStorage, unfoldable: Unfoldable): Memory {
  const end = lastRow(sql);
  const seq = end?.last_seq ?? 0;
  const traced = lastTraced(sql);
  const in_segments = lastInSegments(sql);
  const latest = Math.min(seq, traced.seq, in_segments);
  const snapshot = readSnapshot(sql, latest);
  const stored = snapshot === null ? null : readTally(sql, snapshot.seq);
  if (stored === null) dropTally(sql);
  const tally = stored ?? new Tally();
  const state = (stored === null ? null : snapshot?.state) ?? createState();
  const snapshot_seq = (stored === null ? null : snapshot?.seq) ?? 0;
  state.observer = tally;
  const trace = new Trace(traced);
  const columns = new ColumnTail(in_segments);
  let checkpoint_seq = checkpointSeqs(sql).at(-1) ?? 0;
  for (const { seq: at, text } of lines(sql, snapshot_seq)) {
    take({ state, trace, columns }, at, eventOf(at, text, unfoldable), unfoldable);
    // Stored as they come, so that a whole log never has to fit into memory by columns.
    writeSegments(sql, columns.takeSealed());
    // Twice: a usual tail never comes so far, and waking up is no time for compression.
    if (at - checkpoint_seq >= 2 * CHECKPOINT_EVERY_EVENTS) {
      writeCheckpoint(sql, at, new TextEncoder().encode(stateText(state)));
      checkpoint_seq = at;
    }
  }
  return {
    state,
    seq,
    head: end?.head ?? GENESIS,
    received_ms: end?.received_ms ?? 0,
    snapshot_seq,
    checkpoint_seq,
    trace,
    columns,
    tally,
    ids: new Ids(sql),
  };
}

/** Holds the memory, loads it when it is needed, and writes its state as text once per seq. */
export class Live {
  readonly #sql: SqlStorage;
  /** Told of what could not be folded. */
  readonly unfoldable: Unfoldable;
  #memory: Memory | null = null;
  /** Shared by viewers that join together. */
  #encoded: { seq: number; text: string } | null = null;
  #packed: { seq: number; text: string } | null = null;

  constructor(sql: SqlStorage, unfoldable: Unfoldable) {
    this.#sql = sql;
    this.unfoldable = unfoldable;
  }

  get(): Memory {
    this.#memory ??= loadMemory(this.#sql, this.unfoldable);
    return this.#memory;
  }

  /** After a failed commit, or when the log changed: the next `get` rebuilds from disk. */
  drop(): void {
    this.#memory = null;
    this.#encoded = null;
    this.#packed = null;
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

  reply(): StateReply {
    const { seq, state } = this.get();
    return { ok: true, seq, time: state.time, state: this.stateText() };
  }

  /** For those who come together: a wall of screens after a deploy. */
  packedReply(): StateReply {
    const { seq, state } = this.get();
    if (this.#packed?.seq !== seq) this.#packed = { seq, text: packText(encodeState(state)) };
    return { ok: true, seq, time: state.time, state: this.#packed.text, packed: true };
  }

  /** A ServerMessage of type `snapshot`. */
  snapshotMessage(): string {
    const { seq, state } = this.get();
    return `{"type":"snapshot","seq":${seq},"time":${state.time},"state":${this.stateText()}}`;
  }
}
