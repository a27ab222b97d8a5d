/** Where the parts of a run begin, and what is held of their filters. */
import { mayHold } from "./filter.ts";
import { bytesAt, LEVELS, reduced, WHOLE } from "./share.ts";

/** What memory holds of the parts of a run, whole or half written. */
export class PartIndex {
  count = 0;
  level: number;
  /** The first 32 bits of each part's first hash. */
  #firsts: Uint32Array;
  #filters: Uint8Array;

  /** `parts`: how many are to be expected, so that nothing is held for what never comes. */
  constructor(level: number, parts: number) {
    this.level = level;
    this.#firsts = new Uint32Array(Math.max(1, parts));
    this.#filters = new Uint8Array(this.#firsts.length * bytesAt(level));
  }

  /** In memory. */
  get bytes(): number {
    return this.#firsts.byteLength + this.#filters.byteLength;
  }

  /** `filter`: the whole of it. */
  add(first: number, filter: Uint8Array): void {
    const size = bytesAt(this.level);
    if (this.count === this.#firsts.length) {
      const length = this.count + Math.ceil(this.count / GROWTH);
      const firsts = new Uint32Array(length);
      firsts.set(this.#firsts);
      this.#firsts = firsts;
      const filters = new Uint8Array(length * size);
      filters.set(this.#filters);
      this.#filters = filters;
    }
    this.#firsts[this.count] = first;
    this.#filters.set(reduced(filter, 1, WHOLE, this.level), this.count * size);
    this.count += 1;
  }

  /** Keeps less of each filter from now on. */
  reduce(level: number): void {
    if (level <= this.level) return;
    this.#filters = reduced(this.#filters, this.#firsts.length, this.level, level);
    this.level = level;
  }

  /** False: the run does not hold the id whose hash stands at `at`. */
  mayHold(entries: DataView, at: number): boolean {
    const leading = entries.getUint32(at);
    const firsts = this.#firsts;
    // Hashes are spread evenly, so the part is near the place that its bits say; where it is not, all are searched.
    const near = Math.floor((leading / 2 ** 32) * this.count);
    let low = Math.max(0, near - NEAR_PARTS);
    let high = Math.min(this.count, near + NEAR_PARTS);
    if (low > 0 && (firsts[low - 1] ?? 0) > leading) low = 0;
    if (high < this.count && (firsts[high] ?? 0) <= leading) high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((firsts[middle] ?? 0) <= leading) low = middle + 1;
      else high = middle;
    }
    const { bytes = 0, fold = 1 } = LEVELS[this.level] ?? {};
    // The last part that begins at or before it; and those before that, if it begins with just these bits.
    for (let part = low - 1; part >= 0; part -= 1) {
      if (mayHold(this.#filters, part * bytes, entries, at, bytes, fold)) return true;
      if (firsts[part] !== leading) return false;
    }
    return false;
  }
}

/** How far from its expected place a part is looked for first: by chance none of a run of a million ids is further. */
const NEAR_PARTS = 2;
/** A run that has more parts than were expected gets room for so many of its parts more, one for each of these. */
const GROWTH = 8;
