/** Numbers held until the end, with the group of each: what exact percentiles are taken from. */
import { SORT_CHUNK } from "./limits.ts";

const FIRST_ROOM = 4_096;

export class Held {
  #numbers = new Float64Array(FIRST_ROOM);
  #ids = new Int32Array(FIRST_ROOM);
  count = 0;

  push(id: number, number: number): void {
    if (this.count === this.#numbers.length) this.#grow();
    this.#numbers[this.count] = number;
    this.#ids[this.count] = id;
    this.count += 1;
  }

  /**
   * Per group of `groups`, its numbers in sorted chunks. Scattered by counting, then sorted chunk by chunk, with a
   * pause between: one sort of a million numbers would hold the thread for a tenth of a second.
   */
  async sorted(groups: number, work: (cells: number) => Promise<void>): Promise<SortedChunks[]> {
    const ends = new Uint32Array(groups + 1);
    for (let i = 0; i < this.count; i += 1) {
      const after = (this.#ids[i] ?? 0) + 1;
      ends[after] = (ends[after] ?? 0) + 1;
      if (i % SORT_CHUNK === 0) await work(SORT_CHUNK);
    }
    for (let group = 0; group < groups; group += 1)
      ends[group + 1] = (ends[group + 1] ?? 0) + (ends[group] ?? 0);
    const starts = ends.slice();
    const scattered = new Float64Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      const id = this.#ids[i] ?? 0;
      const at = starts[id] ?? 0;
      scattered[at] = this.#numbers[i] ?? 0;
      starts[id] = at + 1;
      if (i % SORT_CHUNK === 0) await work(SORT_CHUNK);
    }
    const sorted: SortedChunks[] = [];
    for (let group = 0; group < groups; group += 1) {
      const chunks: Float64Array[] = [];
      const end = ends[group + 1] ?? 0;
      for (let from = ends[group] ?? 0; from < end; from += SORT_CHUNK) {
        const chunk = scattered.subarray(from, Math.min(end, from + SORT_CHUNK)).sort();
        chunks.push(chunk);
        // Sorting costs some ten times a look.
        await work(chunk.length * 10);
      }
      sorted.push(new SortedChunks(chunks));
    }
    return sorted;
  }

  #grow(): void {
    const numbers = new Float64Array(this.count * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    const ids = new Int32Array(this.count * 2);
    ids.set(this.#ids);
    this.#ids = ids;
  }
}

/** A multiset of numbers as sorted chunks. */
export class SortedChunks {
  readonly #chunks: readonly Float64Array[];
  readonly count: number;

  constructor(chunks: readonly Float64Array[]) {
    this.#chunks = chunks;
    this.count = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  }

  /** By nearest rank (NIST/SEMATECH e-Handbook, §2.6.2, without interpolation): the ⌈percent · n / 100⌉-th smallest. */
  percentile(percent: number): number | null {
    return this.count === 0 ? null : this.#at(Math.max(0, Math.ceil((percent * this.count) / 100) - 1));
  }

  /** The value at a rank, by narrowing every chunk around a pivot taken from the widest. */
  #at(rank: number): number {
    const low = this.#chunks.map(() => 0);
    const high = this.#chunks.map(({ length }) => length);
    let left = rank;
    for (;;) {
      let widest = 0;
      let width = 0;
      for (let i = 0; i < low.length; i += 1) {
        const open = (high[i] ?? 0) - (low[i] ?? 0);
        if (open > width) [widest, width] = [i, open];
      }
      if (width === 0) throw new Error("a rank beyond the numbers");
      const pivot = this.#chunks[widest]?.[(low[widest] ?? 0) + (width >> 1)] ?? 0;
      const below = this.#chunks.map((chunk, i) => bound(chunk, low[i] ?? 0, high[i] ?? 0, (n) => n < pivot));
      const upTo = this.#chunks.map((chunk, i) =>
        bound(chunk, below[i] ?? 0, high[i] ?? 0, (n) => n <= pivot),
      );
      let less = 0;
      let equal = 0;
      for (let i = 0; i < low.length; i += 1) {
        less += (below[i] ?? 0) - (low[i] ?? 0);
        equal += (upTo[i] ?? 0) - (below[i] ?? 0);
      }
      if (left < less) high.splice(0, high.length, ...below);
      else if (left < less + equal) return pivot;
      else {
        left -= less + equal;
        low.splice(0, low.length, ...upTo);
      }
    }
  }
}

/** The first place in [low, high) where `holds` is no longer true. */
function bound(chunk: Float64Array, low: number, high: number, holds: (number: number) => boolean): number {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(chunk[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
