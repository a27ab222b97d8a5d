/**
 * What is kept of an id for ever (L2): 32 bytes, the hash of the id and that of the sender's body. Entries stand
 * behind each other in blobs, in order of seq while they are fresh, in order of their hashes in runs.
 */
import { hash } from "node:crypto";
import { Sha256 } from "../../../schema/event/sha256.ts";
import { bytesOf, hexOf } from "../chain.ts";

/** First bytes of a SHA-256 that are kept: enough that two ids never meet (2^-64 after 2^32 events). */
export const HASH_BYTES = 16;
/** The hash of an id, then that of its body. */
export const ENTRY_BYTES = 2 * HASH_BYTES;
export const ENTRY_WORDS = ENTRY_BYTES / 4;

/** The first HASH_BYTES of SHA-256(id), valid until the next call. */
export type HashId = (id: string) => Uint8Array;

export function createHashId(): HashId {
  const sha256 = new Sha256();
  return (id) => (sha256.ofShort(id) ?? bytesOf(hash("sha256", id, "hex"))).subarray(0, HASH_BYTES);
}

/** Body hashes by id hash of the ids that are known, in hex; null for a forgotten event. */
export type KnownIds = Map<string, string | null>;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Below zero when the hash at `a` comes first, as SQLite orders blobs. */
export function compareHashes(one: DataView, a: number, other: DataView, b: number): number {
  for (let at = 0; at < HASH_BYTES; at += 4) {
    const difference = one.getUint32(a + at) - other.getUint32(b + at);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Index of the first entry whose hash is not before the one at `at`; the number of entries when there is none. */
export function lowerBound(entries: DataView, id: DataView, at: number): number {
  let low = 0;
  let high = entries.byteLength / ENTRY_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareHashes(entries, middle * ENTRY_BYTES, id, at) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds the entry at `at` to what is known. */
export function note(known: KnownIds, entries: Uint8Array, at: number): void {
  const body = entries.subarray(at + HASH_BYTES, at + ENTRY_BYTES);
  const id = hexOf(entries.subarray(at, at + HASH_BYTES));
  known.set(id, body.every((byte) => byte === 0) ? null : hexOf(body));
}

/** An unsalted body hash could confirm a guess at what was forgotten, so zeros take its place. */
export function wipeBody(entries: Uint8Array, at: number): void {
  entries.fill(0, at + HASH_BYTES, at + ENTRY_BYTES);
}

/** Bits of a double that are exact. */
const EXACT_BITS = 53;
/** Leading bits of a hash that are read at once. */
const LEADING_BITS = 48;

/**
 * The entries in order of their hashes. Leading bits and place are sorted as one number, natively, which takes a
 * tenth of a sort by comparing; where leading bits are equal the rest decides.
 */
export function sorted(entries: Uint8Array): Uint8Array {
  const count = entries.length / ENTRY_BYTES;
  const view = viewOf(entries);
  const place = 2 ** Math.ceil(Math.log2(count + 1));
  const drop = 2 ** Math.max(0, LEADING_BITS - (EXACT_BITS - Math.log2(place)));
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const at = i * ENTRY_BYTES;
    const leading = view.getUint32(at) * 2 ** 16 + view.getUint16(at + 4);
    keys[i] = Math.floor(leading / drop) * place + i;
  }
  const order = Uint32Array.from(keys.sort(), (key) => key % place);
  for (let i = 1; i < count; i += 1) {
    const one = order[i] ?? 0;
    let at = i;
    for (
      let before = order[at - 1];
      before !== undefined && compareHashes(view, before * ENTRY_BYTES, view, one * ENTRY_BYTES) > 0;
      before = order[at - 1]
    ) {
      order[at--] = before;
    }
    order[at] = one;
  }
  const result = new Uint8Array(entries.length);
  order.forEach((from, to) => {
    result.set(entries.subarray(from * ENTRY_BYTES, (from + 1) * ENTRY_BYTES), to * ENTRY_BYTES);
  });
  return result;
}
