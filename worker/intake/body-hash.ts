/**
 * Tells bodies apart that come under one id (L2): the same for two values that say the same, whatever the order
 * of their keys; in one walk, without building a text. 64 bits and not cryptographic, which suffices: a hash is
 * compared only with that of the one event stored under the same id, so two bodies meet once in 2^64 times, and
 * who looks for such a pair only hides a conflict among events of their own project: nothing stored changes.
 * Strings are hashed as cyrb53 does, two lanes of 32 bits, mixed at the end by Murmur3's finaliser.
 */
import { STRUCTURAL_MARK } from "../../schema/event/batch.ts";

const FIRST_FACTOR = 0x9e3779b1;
const SECOND_FACTOR = 0x5f356495;

/** What a value begins with, so that `"1"`, `1`, `[1]` and `{"1":1}` differ. */
const NOTHING = 1;
const FALSE = 2;
const TRUE = 3;
const NUMBER = 4;
const TEXT = 5;
const LIST = 6;
const OBJECT = 7;

/** Of one UTF-16 unit in compact JSON: `\u` and four digits. */
const MAX_UNIT_BYTES = 6;
/** Of a number, a literal, or the marks around a text, with the comma or colon behind it. */
const MAX_MARK_BYTES = 26;

/** What the name of a field adds to its object. */
interface Named {
  first: number;
  second: number;
  max_bytes: number;
}

/** Names that are remembered: events of one request have some thirty between them, and names come from senders. */
const MAX_NAMES = 256;

/** Keeps its working memory between calls: make one and keep it. Synchronous, so nobody can interleave. */
export class BodyHash {
  /** At least the bytes of the last value as compact JSON. */
  max_bytes = 0;
  #first = 0;
  #second = 0;
  /** The same in event after event: looking one up takes less than hashing it, for the parser made its text one object. */
  readonly #names = new Map<string, Named>();
  readonly #double = new Float64Array(1);
  readonly #words = new Int32Array(this.#double.buffer);

  /** Hex, with STRUCTURAL_MARK. The value is JSON of bounded depth. */
  of(value: unknown): string {
    this.max_bytes = 0;
    this.#walk(value);
    return hex(this.#first) + hex(this.#second) + STRUCTURAL_MARK;
  }

  #walk(value: unknown): void {
    if (typeof value === "string") return this.#text(value);
    this.max_bytes += MAX_MARK_BYTES;
    if (typeof value === "number") return this.#number(value);
    if (typeof value === "boolean") return this.#mix(value ? TRUE : FALSE, 0);
    if (typeof value !== "object" || value === null) return this.#mix(NOTHING, 0);
    if (Array.isArray(value)) this.#list(value);
    else this.#object(value as Readonly<Record<string, unknown>>);
  }

  #text(text: string): void {
    const { length } = text;
    this.max_bytes += length * MAX_UNIT_BYTES + MAX_MARK_BYTES;
    let first = TEXT;
    let second = length;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      first = Math.imul(first ^ unit, FIRST_FACTOR);
      second = Math.imul(second ^ unit, SECOND_FACTOR);
    }
    this.#mix(first, second);
  }

  /** As JSON has them: -0 is 0, and what is not finite is null. */
  #number(value: number): void {
    if (!Number.isFinite(value)) return this.#mix(NOTHING, 0);
    this.#double[0] = value + 0;
    this.#mix((this.#words[0] ?? 0) ^ Math.imul(NUMBER, SECOND_FACTOR), this.#words[1] ?? 0);
  }

  #list(values: readonly unknown[]): void {
    let first = LIST;
    let second = values.length;
    for (const value of values) {
      this.#walk(value);
      first = Math.imul(first ^ this.#first, FIRST_FACTOR) + this.#second;
      second = Math.imul(second ^ this.#second, SECOND_FACTOR) + this.#first;
    }
    this.#mix(first, second);
  }

  /** A sum over the entries, each mixed by itself: it does not depend on their order. */
  #object(parts: Readonly<Record<string, unknown>>): void {
    let first = OBJECT;
    let second = 0;
    // Faster than by `Object.keys`, and nothing that JSON makes inherits a key.
    for (const key in parts) {
      const value = parts[key];
      if (value === undefined) continue;
      const named = this.#names.get(key) ?? this.#name(key);
      this.max_bytes += named.max_bytes;
      this.#walk(value);
      this.#mix(named.first ^ this.#first, named.second ^ this.#second);
      first = (first + this.#first) | 0;
      second = (second + this.#second) | 0;
    }
    this.#mix(first, second);
  }

  #name(key: string): Named {
    const before = this.max_bytes;
    this.#text(key);
    const named = {
      first: Math.imul(this.#first, FIRST_FACTOR),
      second: Math.imul(this.#second, SECOND_FACTOR),
      max_bytes: this.max_bytes - before,
    };
    this.max_bytes = before;
    if (this.#names.size < MAX_NAMES) this.#names.set(key, named);
    return named;
  }

  #mix(one: number, other: number): void {
    const first = final(one) ^ Math.imul(other, FIRST_FACTOR);
    const second = final(other ^ SECOND_FACTOR) ^ Math.imul(one, SECOND_FACTOR);
    this.#first = final(first);
    this.#second = final(second);
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(word: number): string {
  return byteHex(word >>> 24) + byteHex(word >>> 16) + byteHex(word >>> 8) + byteHex(word);
}
function byteHex(word: number): string {
  return HEX[word & 0xff] ?? "";
}

function final(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
