/**
 * One look instead of one at each run: a Bloom filter over the ids of all runs that were written since the room
 * woke, whose bits for one id share a word (blocked: Putze, Sanders, Singler 2007). The filters of runs are larger
 * than a core's own cache, and each probe of each of a dozen runs waits for memory.
 *
 *   id ──▶ front ──no──▶ new, as far as the runs are covered ──▶ only the others are looked into
 *            └─maybe──▶ the runs' own filters tell
 *
 * It is never emptied and never full: of more ids than it was made for, more are looked for in the runs.
 */
import { ENTRY_WORDS } from "./entry.ts";

/** Of an id, all in one word. */
const PROBES = 4;
const BITS_PER_PROBE = 5;

export class Front {
  readonly #words: Uint32Array;
  readonly #mask: number;

  /** `words`: how many it has, a power of two. */
  constructor(words: number) {
    this.#words = new Uint32Array(words);
    this.#mask = words - 1;
  }

  /** The largest that these bytes allow; null where that is none. */
  static within(max_bytes: number): Front | null {
    const words = max_bytes / Uint32Array.BYTES_PER_ELEMENT;
    return words < 1 ? null : new Front(2 ** Math.floor(Math.log2(words)));
  }

  get bytes(): number {
    return this.#words.byteLength;
  }

  /** `words`: entries, as `wordsOf` has them. */
  add(words: Uint32Array): void {
    for (let at = 0; at < words.length; at += ENTRY_WORDS) {
      const place = (words[at + 2] ?? 0) & this.#mask;
      this.#words[place] = (this.#words[place] ?? 0) | bitsOf(words, at);
    }
  }

  /** False: none of those that were added has the id whose hash begins with the word at `at`. */
  mayHold(words: Uint32Array, at: number): boolean {
    const bits = bitsOf(words, at);
    return ((this.#words[(words[at + 2] ?? 0) & this.#mask] ?? 0) & bits) === bits;
  }
}

/** Of the word that the place is not taken from: both are as good as random. */
function bitsOf(words: Uint32Array, at: number): number {
  let rest = words[at + 3] ?? 0;
  let bits = 0;
  for (let i = 0; i < PROBES; i += 1) {
    bits |= 1 << (rest & 31);
    rest >>>= BITS_PER_PROBE;
  }
  return bits;
}
