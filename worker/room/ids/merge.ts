/**
 * Merging of runs, in slices: FAN runs of a tier become one of the next, so that an id is looked for in a few runs,
 * however many there are, and each entry is written once per tier.
 *
 *   sources ──in order of their hashes──▶ parts of the target ──when all are there──▶ the target is a run, its sources are none
 *
 * What is done stands in the parts themselves: a merge that was interrupted goes on behind the target's last entry.
 * Parts that no run has any more are removed afterwards, in slices too.
 */
import { compareHashes, ENTRY_BYTES, HASH_BYTES, lowerBound, viewOf } from "./entry.ts";
import { wordsOf } from "./fresh.ts";
import { FAN, FRESH_IDS, PART_ENTRIES } from "./limits.ts";
import { legacyAfter, LEGACY_TIER } from "./legacy.ts";
import type { PartIndex } from "./part-index.ts";
import { partAfter, partWith, readIndex, type RunRange, writeParts } from "./run.ts";

export interface MergePlan {
  target: RunRange;
  /** Neighbours by seq, of one tier. */
  sources: readonly RunRange[];
}

/**
 * The lowest tier first, and in it the oldest. Depends on the runs alone, so that an interrupted merge is planned
 * again. Runs come in order of seq.
 */
export function nextMerge(runs: readonly RunRange[]): MergePlan | null {
  const legacy = runs.find(({ tier }) => tier === LEGACY_TIER);
  if (legacy !== undefined) return { target: { ...legacy, tier: tierOf(legacy) }, sources: [legacy] };
  let best: MergePlan | null = null;
  for (let i = 0; i + FAN <= runs.length; i += 1) {
    const sources = runs.slice(i, i + FAN);
    const [first, last] = [sources[0], sources.at(-1)];
    if (first === undefined || last === undefined || sources.some(({ tier }) => tier !== first.tier))
      continue;
    if (best !== null && best.target.tier <= first.tier + 1) continue;
    best = { target: { ...first, tier: first.tier + 1, last_seq: last.last_seq }, sources };
  }
  return best;
}

/** The tier of runs of about this size. */
function tierOf({ first_seq, last_seq }: RunRange): number {
  const ids = last_seq - first_seq + 1;
  return Math.max(0, Math.round(Math.log(ids / FRESH_IDS) / Math.log(FAN)));
}

/** One merge under way. Its reading is ahead of its writing, so it ends when a transaction fails or a body is forgotten. */
export class Merge {
  readonly plan: MergePlan;
  /** Of the target's parts so far. */
  readonly index: PartIndex;
  readonly #sql: SqlStorage;
  readonly #cursors: Cursor[];

  constructor(sql: SqlStorage, plan: MergePlan, level: number) {
    this.#sql = sql;
    this.plan = plan;
    this.index = readIndex(sql, plan.target, level);
    const after = lastId(sql, plan.target);
    this.#cursors = plan.sources
      .map((run) => new Cursor(sql, run, after))
      .filter((cursor) => !cursor.is_done);
  }

  /** Writes so many parts more, inside the caller's transaction. True: the target is whole. */
  step(parts: number): boolean {
    const merged = new Uint8Array(parts * PART_ENTRIES * ENTRY_BYTES);
    const words = wordsOf(merged);
    let at = 0;
    while (at < words.length) {
      const next = least(this.#cursors);
      if (next === null) break;
      at = next.moveTo(words, at);
      if (next.is_done) this.#cursors.splice(this.#cursors.indexOf(next), 1);
    }
    if (at > 0) writeParts(this.#sql, this.plan.target, merged.subarray(0, at * 4), this.index);
    return this.#cursors.length === 0;
  }
}

function lastId(sql: SqlStorage, { tier, first_seq }: RunRange): Uint8Array | null {
  const part = sql
    .exec<{ entries: ArrayBuffer }>(
      "SELECT entries FROM id_part WHERE tier = ? AND first_seq = ? ORDER BY first_id DESC LIMIT 1",
      tier,
      first_seq,
    )
    .toArray()[0];
  return part === undefined ? null : new Uint8Array(part.entries).subarray(-ENTRY_BYTES).slice(0, HASH_BYTES);
}

function least(cursors: readonly Cursor[]): Cursor | null {
  let [best] = cursors;
  if (best === undefined) return null;
  for (const cursor of cursors) if (cursor.isBefore(best)) best = cursor;
  return best;
}

/** A place in a run: the next entry to take. */
class Cursor {
  is_done = false;
  readonly #sql: SqlStorage;
  readonly #run: RunRange;
  #part: Uint8Array = new Uint8Array();
  #view = viewOf(this.#part);
  #words = wordsOf(this.#part);
  #at = 0;
  #leading = 0;

  constructor(sql: SqlStorage, run: RunRange, after: Uint8Array | null) {
    this.#sql = sql;
    this.#run = run;
    const part = after === null || run.tier === LEGACY_TIER ? null : partWith(sql, run, after);
    if (part === null) this.#read(after ?? new Uint8Array());
    else {
      this.#take(part);
      const id = viewOf(after ?? new Uint8Array());
      this.#at = lowerBound(this.#view, id, 0) * ENTRY_BYTES;
      const is_it = this.#at < part.length && compareHashes(this.#view, this.#at, id, 0) === 0;
      if (is_it) this.#at += ENTRY_BYTES;
      this.#settle();
    }
  }

  isBefore(other: Cursor): boolean {
    if (this.#leading !== other.#leading) return this.#leading < other.#leading;
    return compareHashes(this.#view, this.#at, other.#view, other.#at) < 0;
  }

  /** Copies the entry to words from `to`, and goes on. Returns where the next one goes. */
  moveTo(words: Uint32Array, to: number): number {
    const from = this.#at / 4;
    for (let i = 0; i < ENTRY_BYTES / 4; i += 1) words[to + i] = this.#words[from + i] ?? 0;
    this.#at += ENTRY_BYTES;
    this.#settle();
    return to + ENTRY_BYTES / 4;
  }

  #settle(): void {
    if (this.#at < this.#part.length) this.#leading = this.#view.getUint32(this.#at);
    else this.#read(this.#part.slice(-ENTRY_BYTES, -HASH_BYTES));
  }

  /** What is behind the last entry of the part before; of a part that was never read, the run's first. */
  #read(after: Uint8Array): void {
    const part =
      this.#run.tier === LEGACY_TIER ? legacyAfter(this.#sql, after) : partAfter(this.#sql, this.#run, after);
    this.is_done = part === null;
    if (part === null) return;
    this.#take(part);
    this.#at = 0;
    this.#leading = this.#view.getUint32(0);
  }

  #take(part: Uint8Array): void {
    this.#part = part;
    this.#view = viewOf(part);
    this.#words = wordsOf(part);
  }
}
