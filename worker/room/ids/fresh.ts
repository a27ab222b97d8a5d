/** Entries that are in no run yet, by id hash: an open-addressed table over the entries' own bytes. */
import { ENTRY_BYTES, ENTRY_WORDS } from "./entry.ts";

/** Slots per entry, at least: the fuller a table, the longer its searches. */
const SPARE = 2;
const FIRST_ENTRIES = 64;

export class FreshIds {
  count = 0;
  #words = new Uint32Array(FIRST_ENTRIES * ENTRY_WORDS);
  /** Index of an entry plus one; 0 is free. */
  #slots = new Uint32Array(FIRST_ENTRIES * SPARE);

  /** The entries so far, in the order in which they came. */
  get entries(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.count * ENTRY_BYTES);
  }

  /** Where the entry stands in `entries`, in bytes, whose id hash is that of the entry at `at`; −1 when there is none. */
  find(words: Uint32Array, at: number): number {
    const found = this.#slots[this.#slotOf(words, at)] ?? 0;
    return (found - 1) * ENTRY_BYTES < 0 ? -1 : (found - 1) * ENTRY_BYTES;
  }

  /** False when its id is there already: then nothing was added. */
  add(words: Uint32Array, at: number): boolean {
    if ((this.count + 1) * SPARE > this.#slots.length) this.#grow();
    const slot = this.#slotOf(words, at);
    if (this.#slots[slot] !== 0) return false;
    for (let i = 0; i < ENTRY_WORDS; i += 1) this.#words[this.count * ENTRY_WORDS + i] = words[at + i] ?? 0;
    this.count += 1;
    this.#slots[slot] = this.count;
    return true;
  }

  /** Forgets the newest again, all beyond so many: each taken out leaves the table as it was before it came. */
  shrinkTo(count: number): void {
    while (this.count > count) {
      this.count -= 1;
      this.#slots[this.#slotOf(this.#words, this.count * ENTRY_WORDS)] = 0;
    }
  }

  /** The slot of this id, or the free one where it would stand. */
  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#slots.length - 1;
    const [own, slots] = [this.#words, this.#slots];
    // The bytes of a hash are as good as random: any of its words spreads evenly.
    for (let slot = (words[at] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot] ?? 0;
      if (found === 0) return slot;
      const from = (found - 1) * ENTRY_WORDS;
      if (
        own[from] === words[at] &&
        own[from + 1] === words[at + 1] &&
        own[from + 2] === words[at + 2] &&
        own[from + 3] === words[at + 3]
      ) {
        return slot;
      }
    }
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < this.count; i += 1) {
      let slot = (words[i * ENTRY_WORDS] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
    this.#words = words;
    this.#slots = slots;
  }
}

/** Entries as words; of no meaning but for telling equal from unequal. Copies where they do not stand aligned. */
export function wordsOf(entries: Uint8Array): Uint32Array {
  const aligned = entries.byteOffset % 4 === 0 ? entries : entries.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}
