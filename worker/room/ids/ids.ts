/**
 * One id is one event, for ever (L2): which ids are known, with two hashes of 16 bytes for each. A log-structured
 * merge tree (O'Neil 1996) over SQLite's rows: a row per id in an index by hash would dirty a page of 4 KiB for
 * each of them, more with every million.
 *
 *   commit ──▶ id_fresh, a row per commit ──FRESH_IDS──▶ run, sorted, in parts ──FAN of a tier──▶ run of the next tier
 *   lookup ◀── table in memory             ◀── filters in memory, as much as fits (share.ts) ──┘
 *              and one filter over all runs since waking up, which mostly says that the others need no look (front.ts)
 *                                              └ where they cannot tell, the whole filter is read, then the part
 *
 * Runs and fresh rows together cover every seq once, so what was issued can be told from them (verify.ts).
 */
import { atomically } from "../atomic.ts";
import { ENTRY_BYTES, ENTRY_WORDS, type KnownIds, note, sorted, viewOf } from "./entry.ts";
import { FreshIds, wordsOf } from "./fresh.ts";
import { Front } from "./front.ts";
import { findLegacy, LEGACY_TIER } from "./legacy.ts";
import { FRESH_IDS, FRONT_SHARE, MAX_FILTER_BYTES, MERGE_SLICE_PARTS } from "./limits.ts";
import { Merge, nextMerge } from "./merge.ts";
import { removeLeftovers } from "./leftover.ts";
import { findIn, idsIn, readIndex, readRuns, type RunRange, writeParts, writeRun } from "./run.ts";
import { PartIndex } from "./part-index.ts";
import { levelsOf, partsOf, WHOLE } from "./share.ts";

interface Run extends RunRange {
  index: PartIndex;
  /** All of its ids are in the front. */
  covered: boolean;
}

interface Loaded {
  fresh: FreshIds;
  /** The first seq of the fresh ones; null while there are none. */
  fresh_seq: number | null;
  /** In order of seq. */
  runs: Run[];
  /** Made with the first run that is written; null before, and where memory is too little for one. */
  front: Front | null;
}

/** Memory of what is on disk: dropped whenever the two might differ. */
export class Ids {
  readonly #sql: SqlStorage;
  readonly #max_filter_bytes: number;
  #loaded: Loaded | null = null;
  #merge: Merge | null = null;
  /** There is work in the background, as far as this object knows. */
  is_due = false;

  constructor(sql: SqlStorage, max_filter_bytes = MAX_FILTER_BYTES) {
    this.#sql = sql;
    this.#max_filter_bytes = max_filter_bytes;
  }

  /** What memory holds of runs, and of the one that is being merged. */
  get held_bytes(): number {
    const { runs, front } = this.#load();
    const held = (front?.bytes ?? 0) + (this.#merge?.index.bytes ?? 0);
    return runs.reduce((sum, { index }) => sum + index.bytes, held);
  }

  /** Those of the entries' ids that are known. */
  find(entries: Uint8Array): KnownIds {
    const known: KnownIds = new Map();
    if (entries.length === 0) return known;
    const { fresh, runs } = this.#load();
    const words = wordsOf(entries);
    const view = viewOf(entries);
    for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
      const place = fresh.find(words, at / 4);
      if (place >= 0) note(known, fresh.entries, place);
      for (const run of runs)
        if (run.index.mayHold(view, at)) findIn(this.#sql, run, run.index.level, view, at, known);
    }
    if (runs.some(({ tier }) => tier === LEGACY_TIER)) findLegacy(this.#sql, entries, known);
    return known;
  }

  /**
   * Takes ids at `first_seq`, `first_seq + 1`, … inside the caller's transaction, when all are new and none comes
   * twice: the common case, in one look at each. Returns the rows written, or null when it took none.
   */
  takeNew(first_seq: number, entries: Uint8Array): number | null {
    const { fresh, runs, front } = this.#load();
    if (runs.some(({ tier }) => tier === LEGACY_TIER)) return null;
    const others = runs.filter(({ covered }) => !covered);
    const words = wordsOf(entries);
    const view = viewOf(entries);
    const before = fresh.count;
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const among = front?.mayHold(words, at) === true ? runs : others;
      if (fresh.add(words, at) && !this.#isInRun(view, at * 4, among)) continue;
      fresh.shrinkTo(before);
      return null;
    }
    return this.#store(first_seq, entries);
  }

  #isInRun(view: DataView, at: number, runs: readonly Run[]): boolean {
    for (const run of runs) {
      if (!run.index.mayHold(view, at)) continue;
      const known: KnownIds = new Map();
      findIn(this.#sql, run, run.index.level, view, at, known);
      if (known.size > 0) return true;
    }
    return false;
  }

  /** Takes new ids, as `takeNew` does, of which `find` knew none. */
  remember(first_seq: number, entries: Uint8Array): number {
    const { fresh } = this.#load();
    const words = wordsOf(entries);
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      if (!fresh.add(words, at)) throw new Error("an id is known and new at once");
    }
    return this.#store(first_seq, entries);
  }

  /** Writes down what is in memory already. */
  #store(first_seq: number, entries: Uint8Array): number {
    if (entries.length === 0) return 0;
    const loaded = this.#load();
    const { fresh } = loaded;
    loaded.fresh_seq ??= first_seq;
    if (fresh.count < FRESH_IDS) {
      return this.#sql.exec("INSERT INTO id_fresh (first_seq, entries) VALUES (?, ?)", first_seq, entries)
        .rowsWritten;
    }
    const last_seq = loaded.fresh_seq + fresh.count - 1;
    loaded.front ??= Front.within(this.#max_filter_bytes / FRONT_SHARE);
    loaded.front?.add(wordsOf(fresh.entries));
    const run = {
      tier: 0,
      first_seq: loaded.fresh_seq,
      last_seq,
      index: new PartIndex(WHOLE, partsOf(fresh.count)),
      covered: loaded.front !== null,
    };
    const rows_written =
      writeParts(this.#sql, run, sorted(fresh.entries), run.index) +
      writeRun(this.#sql, run) +
      this.#sql.exec("DELETE FROM id_fresh").rowsWritten;
    loaded.runs.push(run);
    this.#share(loaded, this.#merge?.plan.target ?? null);
    loaded.fresh = new FreshIds();
    loaded.fresh_seq = null;
    this.is_due = nextMerge(loaded.runs) !== null;
    return rows_written;
  }

  /** One slice of the work in the background. False: there is none left. */
  tidy(storage: DurableObjectStorage, parts = MERGE_SLICE_PARTS): boolean {
    try {
      this.is_due = atomically(storage, () => this.#mergeSlice(parts) || removeLeftovers(this.#sql));
      return this.is_due;
    } catch (error) {
      // Memory may be ahead of what was rolled back.
      this.#loaded = null;
      this.#merge = null;
      throw error;
    }
  }

  #mergeSlice(parts: number): boolean {
    const loaded = this.#load();
    if (this.#merge === null) {
      const plan = nextMerge(loaded.runs);
      if (plan === null) return false;
      this.#merge = new Merge(this.#sql, plan, this.#share(loaded, plan.target));
    }
    const { plan, index } = this.#merge;
    if (!this.#merge.step(parts)) return true;
    this.#merge = null;
    const { target, sources } = plan;
    for (const { tier, first_seq } of sources) {
      this.#sql.exec("DELETE FROM id_run WHERE tier = ? AND first_seq = ?", tier, first_seq);
    }
    writeRun(this.#sql, target);
    const is_replaced = (run: RunRange) =>
      sources.some(({ tier, first_seq }) => run.tier === tier && run.first_seq === first_seq);
    const covered = loaded.runs.filter(is_replaced).every((run) => run.covered);
    const others = loaded.runs.filter((run) => !is_replaced(run));
    loaded.runs = [...others, { ...target, index, covered }].sort((a, b) => a.first_seq - b.first_seq);
    return true;
  }

  /** Makes the runs keep less where they hold too much together with `target`. Returns the level that is left for it. */
  #share({ runs, front }: Loaded, target: RunRange | null): number {
    const sharing: RunRange[] = target === null ? [...runs] : [...runs, target];
    const levels = levelsOf(sharing.map(idsInFilters), this.#max_filter_bytes - (front?.bytes ?? 0));
    for (const [i, { index }] of runs.entries()) index.reduce(levels[i] ?? WHOLE);
    const level = target === null ? WHOLE : (levels.at(-1) ?? WHOLE);
    this.#merge?.index.reduce(level);
    return level;
  }

  #load(): Loaded {
    this.#loaded ??= load(this.#sql, this.#max_filter_bytes);
    return this.#loaded;
  }
}

/** The old table has no filters. */
function idsInFilters(run: RunRange): number {
  return run.tier === LEGACY_TIER ? 0 : idsIn(run);
}

function load(sql: SqlStorage, max_filter_bytes: number): Loaded {
  const fresh = new FreshIds();
  let fresh_seq: number | null = null;
  const rows = sql.exec<{ first_seq: number; entries: ArrayBuffer }>(
    "SELECT first_seq, entries FROM id_fresh ORDER BY first_seq",
  );
  for (const { first_seq, entries } of rows) {
    fresh_seq ??= first_seq;
    const words = new Uint32Array(entries);
    for (let at = 0; at < words.length; at += ENTRY_WORDS) fresh.add(words, at);
  }
  const stored = readRuns(sql);
  const levels = levelsOf(stored.map(idsInFilters), max_filter_bytes);
  const runs = stored.map((run, i) => ({
    ...run,
    index: readIndex(sql, run, levels[i] ?? WHOLE),
    covered: false,
  }));
  return { fresh, fresh_seq, runs, front: null };
}
