/**
 * What memory holds of the filters of runs: as much of each as fits into MAX_FILTER_BYTES together, whatever the
 * number of ids. Less of a filter lets more ids through, and for those the whole of it is read from disk.
 *
 *   level 0  the whole filter               24 bits an id   1 of 20,000 gets through
 *   level 1  neighbouring bits as one       12 bits         1 of 300
 *   level 2  of that, the first half         6 bits         1 of 11
 *   level 3  of that, the first quarter      3 bits         1 of 3
 *   level 4  nothing                         0 bits         all
 *
 * A bit that stands for two says "maybe" where either did, and a probe beyond what is kept says nothing: neither
 * ever says "no" of an id that is there.
 */
import { FILTER_BYTES } from "./filter.ts";
import { PART_ENTRIES } from "./limits.ts";

interface Level {
  /** Bits of the whole filter that one bit stands for. */
  fold: 1 | 2;
  /** Of one part. */
  bytes: number;
  /** How many of the ids that are not there get through. */
  reads: number;
}

export const LEVELS: readonly Level[] = [
  { fold: 1, bytes: FILTER_BYTES, reads: 0.000_05 },
  { fold: 2, bytes: FILTER_BYTES / 2, reads: 0.003 },
  { fold: 2, bytes: FILTER_BYTES / 4, reads: 0.09 },
  { fold: 2, bytes: FILTER_BYTES / 8, reads: 0.33 },
  { fold: 2, bytes: 0, reads: 1 },
];
export const WHOLE = 0;
const NOTHING = LEVELS.length - 1;

export function bytesAt(level: number): number {
  return LEVELS[level]?.bytes ?? 0;
}

function readsAt(level: number): number {
  return LEVELS[level]?.reads ?? 1;
}

export function partsOf(ids: number): number {
  return Math.ceil(ids / PART_ENTRIES);
}

/**
 * One level per run, given its ids: as few reads from disk for an id that is in no run as fit. Step by step that
 * run loses bits where they save the fewest reads for their bytes, which keeps small runs whole.
 */
export function levelsOf(ids: readonly number[], max_bytes: number): number[] {
  const parts = ids.map(partsOf);
  const levels = ids.map(() => WHOLE);
  let bytes = parts.reduce((sum, count) => sum + count * bytesAt(WHOLE), 0);
  while (bytes > max_bytes) {
    let cheapest = -1;
    let least = Infinity;
    for (const [run, level] of levels.entries()) {
      const freed = (parts[run] ?? 0) * (bytesAt(level) - bytesAt(level + 1));
      if (level === NOTHING || freed === 0) continue;
      const reads_per_byte = (readsAt(level + 1) - readsAt(level)) / freed;
      if (reads_per_byte < least) [cheapest, least] = [run, reads_per_byte];
    }
    const level = levels[cheapest];
    if (level === undefined) break;
    bytes -= (parts[cheapest] ?? 0) * (bytesAt(level) - bytesAt(level + 1));
    levels[cheapest] = level + 1;
  }
  return levels;
}

/** Of each byte the four bits that stand for its eight. */
const FOLDED = Uint8Array.from({ length: 256 }, (_, byte) => {
  const pairs = byte | (byte >> 1);
  return (pairs & 1) | ((pairs >> 1) & 2) | ((pairs >> 2) & 4) | ((pairs >> 3) & 8);
});

/** The filters of `count` parts, one after another, at a level that keeps less of them. */
export function reduced(filters: Uint8Array, count: number, from: number, to: number): Uint8Array {
  const [before, after] = [bytesAt(from), bytesAt(to)];
  const result = new Uint8Array(count * after);
  const folds = LEVELS[from]?.fold !== LEVELS[to]?.fold;
  for (let part = 0; part < count; part += 1) {
    const start = part * before;
    if (!folds) {
      result.set(filters.subarray(start, start + after), part * after);
      continue;
    }
    for (let i = 0; i < after; i += 1) {
      const [low, high] = [filters[start + 2 * i] ?? 0, filters[start + 2 * i + 1] ?? 0];
      result[part * after + i] = (FOLDED[low] ?? 0) | ((FOLDED[high] ?? 0) << 4);
    }
  }
  return result;
}
