/**
 * The witness of a forgetting. Destroyed bytes alone say nothing about who destroyed them, so each forgetting
 * appends an event that names the seqs, to the same chain and in the same step.
 *
 *   log  1 2 · 4 5 ·· 8 {events_forgotten, seqs: "3,6-7"}      · = bytes and salt are gone
 *
 * Events of version 2 and later were written by rooms that witness. A blank behind one of them that no later event
 * names was made by somebody else. What is blank before the first of them may have been forgotten before there were
 * witnesses: it is counted, and named, but is no proof of anything.
 */
import * as z from "zod";
import { OWN_KEY_ID } from "./own.ts";

export const WITNESS_TYPE = "events_forgotten";
/** The part of Clusterfork that forgets. */
export const WITNESS_ORGAN = "privacy";
const WITNESS_AGENT = `clusterfork:${WITNESS_ORGAN}`;
/** Since then a forgetting leaves a witness. */
const WITNESSED_VERSION = 2;
/** Ranges of one witness: some 30 characters each at most, half of what an event may hold. */
export const MAX_WITNESS_RANGES = 1_000;

export type SeqRange = readonly [first: number, last: number];

export function rangesOf(seqs: Iterable<number>): SeqRange[] {
  const ranges: [number, number][] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && seq <= last[1] + 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
}

/** `3,6-7`. */
export function writeRanges(ranges: readonly SeqRange[]): string {
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

const RANGES = /^\d{1,15}(?:-\d{1,15})?(?:,\d{1,15}(?:-\d{1,15})?)*$/;

function readRanges(text: string): SeqRange[] {
  if (!RANGES.test(text)) return [];
  return text.split(",").map((range): SeqRange => {
    const [first = "", last = first] = range.split("-");
    return [Number(first), Number(last)];
  });
}

const witness = z.object({
  seq: z.int(),
  event_type: z.literal(WITNESS_TYPE),
  agent_id: z.literal(WITNESS_AGENT),
  key_id: z.literal(OWN_KEY_ID),
  metadata: z.looseObject({ seqs: z.string() }),
});

/** What a stored text witnesses; nothing where it is no witness. A witness knows nothing of what comes after it. */
export function witnessedBy(text: string): SeqRange[] {
  if (!text.includes(`"event_type":"${WITNESS_TYPE}"`)) return [];
  const parsed = witness.safeParse(JSON.parse(text));
  if (!parsed.success) return [];
  const { seq, metadata } = parsed.data;
  return readRanges(metadata.seqs).filter(([first, last]) => first <= last && last < seq);
}

/** Ends every stored text of these versions: the room writes `v` last, and only an object's own end follows it. */
const VERSION = /,"v":(\d{1,9})\}$/;
/** So much of its end tells an event's version. */
export const VERSION_CHARS = 16;

function isWitnessed(text: string): boolean {
  const v = VERSION.exec(text.slice(-VERSION_CHARS))?.[1];
  return v !== undefined && Number(v) >= WITNESSED_VERSION;
}

/** Seqs that are named by witnesses. */
export class Witnessed {
  #ranges: SeqRange[] = [];
  #is_sorted = true;

  add(ranges: readonly SeqRange[]): void {
    for (const range of ranges) this.#ranges.push(range);
    this.#is_sorted = false;
  }

  has(seq: number): boolean {
    if (!this.#is_sorted) this.#merge();
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[1] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low];
    return range !== undefined && range[0] <= seq;
  }

  #merge(): void {
    const merged: [number, number][] = [];
    for (const [first, last] of this.#ranges.toSorted((a, b) => a[0] - b[0])) {
      const end = merged.at(-1);
      if (end !== undefined && first <= end[1] + 1) end[1] = Math.max(end[1], last);
      else merged.push([first, last]);
    }
    this.#ranges = merged;
    this.#is_sorted = true;
  }
}

/** Where a walk over a log stands between what was before witnesses and what is since. Plain data: it may be kept. */
export interface Era {
  /** Null: no event was readable yet. */
  witnessed: boolean | null;
  /** The first blank that no witness names while that is not known; null: none. */
  first: number | null;
  /** Blanks that no witness names, and that are from before. */
  unwitnessed: number;
}

export const ERA_START: Readonly<Era> = { witnessed: null, first: null, unwitnessed: 0 };

/** Why a blank is no forgetting. The same whenever it is found. */
export const NO_WITNESS = "the event's bytes are gone, and no later event says that it was forgotten";

/** A readable event, or at least its end. Returns the first blank that was therefore not forgotten; null: none. */
export function meetEvent(era: Era, text: string): number | null {
  if (era.witnessed === true) return null;
  const is_witnessed = isWitnessed(text);
  // A log that begins with blanks, and then with events of now, is no older than they are.
  const bad = era.witnessed === null && is_witnessed ? era.first : null;
  era.witnessed = is_witnessed;
  return bad;
}

/** A blank that no witness names. True: it was not forgotten. */
export function meetBlank(era: Era, seq: number): boolean {
  if (era.witnessed === true) return true;
  if (era.witnessed === null) era.first ??= seq;
  era.unwitnessed += 1;
  return false;
}

/** For who reads a log once: what is blank is known before its witness is. */
export class Gaps {
  readonly #witnessed = new Witnessed();
  readonly #blanks = new Set<number>();
  /** The first seq of an event of now, and of one of before. */
  #first_now = Infinity;
  #first_before = Infinity;

  /** A readable event. In any order, also twice: a copy may have several writers. */
  event(seq: number, text: string): void {
    if (seq < this.#first_now) {
      if (isWitnessed(text)) this.#first_now = seq;
      else this.#first_before = Math.min(this.#first_before, seq);
    }
    this.#witnessed.add(witnessedBy(text));
  }

  blank(seq: number): void {
    this.#blanks.add(seq);
  }

  /**
   * After the last event. `bad`: the first seq that was blanked by nobody who says so; null: none.
   * `is_whole`: the log was read from its first seq. Else what comes before its first event may be of any age.
   */
  close(is_whole: boolean): { bad: number | null; unwitnessed: number } {
    let unwitnessed = 0;
    const is_old = !is_whole || this.#first_before < this.#first_now || this.#first_now === Infinity;
    for (const seq of [...this.#blanks].sort((a, b) => a - b)) {
      if (this.#witnessed.has(seq)) continue;
      if (seq > this.#first_now || !is_old) return { bad: seq, unwitnessed };
      unwitnessed += 1;
    }
    return { bad: null, unwitnessed };
  }
}
