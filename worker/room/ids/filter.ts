/**
 * A Bloom filter per part of a run (Bloom 1970; double hashing after Kirsch and Mitzenmacher 2006): tells of
 * almost every id that it is not there, without reading the part. Id hashes are its hash functions.
 */
import { ENTRY_BYTES } from "./entry.ts";
import { PART_ENTRIES } from "./limits.ts";

/**
 * Bits per entry: 24 let one in 20,000 ids through. Memory holds less of them where there are many ids: see share.ts. With 16 bits
 * and some twenty runs, a part was read for every hundredth event, which cost 1 µs each.
 */
const BITS_PER_ENTRY = 24;
/** Of one filter. */
export const FILTER_BYTES = (PART_ENTRIES * BITS_PER_ENTRY) / 8;
/** Best for 24 bits is 17, and a third as many let through; a miss mostly ends at the first or second. */
const PROBES = 8;
const SCALE = (FILTER_BYTES * 8) / 2 ** 32;

/** Of at most PART_ENTRIES entries. */
export function filterOf(entries: DataView): Uint8Array {
  const filter = new Uint8Array(FILTER_BYTES);
  for (let at = 0; at < entries.byteLength; at += ENTRY_BYTES) {
    let probe = entries.getUint32(at + 4);
    const step = entries.getUint32(at + 8);
    for (let i = 0; i < PROBES; i += 1) {
      const bit = Math.floor((probe >>> 0) * SCALE);
      filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
      probe += step;
    }
  }
  return filter;
}

/**
 * False: it is not there. `from`: where the filter begins in `filters`; it is kept up to `bytes`, and each of its
 * bits stands for `fold` (share.ts).
 */
export function mayHold(
  filters: Uint8Array,
  from: number,
  entries: DataView,
  at: number,
  bytes = FILTER_BYTES,
  fold = 1,
): boolean {
  let probe = entries.getUint32(at + 4);
  const step = entries.getUint32(at + 8);
  const scale = SCALE / fold;
  const kept = bytes * 8;
  for (let i = 0; i < PROBES; i += 1) {
    const bit = Math.floor((probe >>> 0) * scale);
    if (bit < kept && ((filters[from + (bit >> 3)] ?? 0) & (1 << (bit & 7))) === 0) return false;
    probe += step;
  }
  return true;
}
