/**
 * SHA-256 of many texts at once, four in the lanes of WebAssembly's vectors (module.ts). In workerd a digest by
 * node:crypto makes a stream and two buffers before it reads the first byte, which is most of what an event's leaf
 * costs.
 *
 *   texts ─▶ memory: salt, UTF-8, padding; one behind the other ─▶ blocks, lane by lane ─▶ digests
 *
 * A lane that has come to the end of its text takes the next one, so that none is idle before the last three.
 */
import { CONSTANTS, DIGEST_BYTES, INITIAL } from "../../../schema/event/sha256.ts";
import type { Digests } from "./digest.ts";
import { CONSTANTS_AT, MESSAGES_AT, moduleBytes, PAGE_BYTES, STATE_AT } from "./module.ts";
import { SALT_BYTES, saltedDigest } from "./salt.ts";

const LANES = 4;
const BLOCK_BYTES = 64;
const WORD_BYTES = 4;
/** At most, between two texts: a bit, zeros to the end of a block and the length; then the next one's salt. */
const GAP_BYTES = BLOCK_BYTES + 8 + SALT_BYTES;
/** In UTF-8 a byte each: what is between texts that are laid down together. */
const GAP = "\0".repeat(GAP_BYTES);
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MAX_UNIT_BYTES = 3;

/** 512 KiB: some 250 usual events, at three bytes a unit. */
const PAGES = 8;
const MEMORY_BYTES = PAGES * PAGE_BYTES;
/** UTF-16 units of a text that is left to node:crypto: it reads five times as fast, which pays for what it makes. */
export const LONG_TEXT_LENGTH = 3_072;

type Blocks = (p0: number, p1: number, p2: number, p3: number, count: number) => void;

/** The types of Workers leave the constructor out, since a request may not use it. */
const Compiler = WebAssembly as unknown as { Module: new (bytes: Uint8Array) => WebAssembly.Module };

/**
 * Compiled while the Worker starts: later no runtime of Workers lets code come from bytes. Null where it does not even
 * then, or has no vectors: digests are computed one by one.
 */
const COMPILED: WebAssembly.Module | null = compile();

function compile(): WebAssembly.Module | null {
  try {
    return new Compiler.Module(moduleBytes(PAGES));
  } catch (error) {
    console.warn("no WebAssembly for SHA-256: appending takes longer", error);
    return null;
  }
}

/** Null where there is no WebAssembly. */
export function openLanes(): Lanes | null {
  return COMPILED === null ? null : new Lanes(new WebAssembly.Instance(COMPILED));
}

const utf8 = new TextEncoder();

/** Keeps its working memory between calls: make one and keep it. Synchronous, so nobody can interleave. */
class Lanes implements Digests {
  readonly #blocks: Blocks;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #state: Int32Array;
  /** Of what is laid down: where it begins, how many blocks it has, and where among the texts it stands. */
  readonly #starts: number[] = [];
  readonly #sizes: number[] = [];
  readonly #places: number[] = [];

  constructor({ exports }: WebAssembly.Instance) {
    const { memory, blocks } = exports as unknown as { memory: WebAssembly.Memory; blocks: Blocks };
    this.#blocks = blocks;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#state = new Int32Array(memory.buffer, STATE_AT, INITIAL.length * LANES);
    const constants = new Int32Array(memory.buffer, CONSTANTS_AT, CONSTANTS.length * LANES);
    for (let i = 0; i < constants.length; i += 1) constants[i] = CONSTANTS[Math.floor(i / LANES)] ?? 0;
  }

  digest(texts: readonly string[], salts: Uint8Array | null, out: Uint8Array): void {
    let together: string[] = [];
    let bytes = MESSAGES_AT + GAP_BYTES;
    for (let i = 0; i < texts.length; i += 1) {
      const text = texts[i] ?? "";
      if (text.length > LONG_TEXT_LENGTH) {
        out.set(saltedDigest(text, salts, i), i * DIGEST_BYTES);
        continue;
      }
      const size = text.length * MAX_UNIT_BYTES + GAP_BYTES;
      if (bytes + size > MEMORY_BYTES) {
        this.#lay(together, salts);
        this.#run(out);
        together = [];
        bytes = MESSAGES_AT + GAP_BYTES;
      }
      this.#places.push(i);
      together.push(text);
      bytes += size;
    }
    this.#lay(together, salts);
    this.#run(out);
  }

  /** Puts texts into memory. */
  #lay(texts: readonly string[], salts: Uint8Array | null): void {
    const first = MESSAGES_AT + SALT_BYTES;
    const joined = texts.join(GAP) + GAP;
    const { written } = utf8.encodeInto(joined, this.#bytes.subarray(first));
    const is_ascii = written === joined.length;
    let from = first;
    for (let n = 0; n < texts.length; n += 1) {
      const text = texts[n] ?? "";
      // A character beyond ASCII moves all that is behind it: then each is laid down by itself.
      const length = is_ascii ? text.length : this.#layOne(text, from);
      this.#close(from, from + length, salts, this.#places[n] ?? 0);
      from += length + GAP_BYTES;
    }
  }

  #layOne(text: string, from: number): number {
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(from));
    this.#bytes.fill(0, from + written, from + written + GAP_BYTES);
    return written;
  }

  /** Salt before and padding behind it (FIPS 180-4 §5.1.1), where zeros are. */
  #close(from: number, to: number, salts: Uint8Array | null, place: number): void {
    const start = salts === null ? from : from - SALT_BYTES;
    if (salts !== null)
      for (let i = 0; i < SALT_BYTES; i += 1) this.#bytes[start + i] = salts[place * SALT_BYTES + i] ?? 0;
    const size = ((to - start + 8) >> 6) + 1;
    this.#bytes[to] = 0x80;
    this.#view.setUint32(start + size * BLOCK_BYTES - WORD_BYTES, (to - start) << 3);
    this.#starts.push(start);
    this.#sizes.push(size);
  }

  /** Digests what is laid down, and forgets it. */
  #run(out: Uint8Array): void {
    const target = new DataView(out.buffer, out.byteOffset, out.byteLength);
    const count = this.#starts.length;
    // Where a lane stands, how many blocks are before it, and of which text. One without work reads the beginning.
    const at = [MESSAGES_AT, MESSAGES_AT, MESSAGES_AT, MESSAGES_AT];
    const left = [0, 0, 0, 0];
    const turn = [-1, -1, -1, -1];
    let next = 0;
    for (;;) {
      let steps = Infinity;
      for (let lane = 0; lane < LANES; lane += 1) {
        if (left[lane] === 0) {
          if ((turn[lane] ?? -1) >= 0) this.#take(lane, target, this.#places[turn[lane] ?? 0] ?? 0);
          turn[lane] = -1;
          at[lane] = MESSAGES_AT;
          if (next < count) {
            turn[lane] = next;
            at[lane] = this.#starts[next] ?? 0;
            left[lane] = this.#sizes[next] ?? 0;
            for (let word = 0; word < INITIAL.length; word += 1)
              this.#state[word * LANES + lane] = INITIAL[word] ?? 0;
            next += 1;
          }
        }
        const blocks = left[lane] ?? 0;
        if (blocks > 0 && blocks < steps) steps = blocks;
      }
      if (steps === Infinity) break;
      this.#blocks(at[0] ?? 0, at[1] ?? 0, at[2] ?? 0, at[3] ?? 0, steps);
      for (let lane = 0; lane < LANES; lane += 1) {
        if (left[lane] === 0) continue;
        at[lane] = (at[lane] ?? 0) + steps * BLOCK_BYTES;
        left[lane] = (left[lane] ?? 0) - steps;
      }
    }
    this.#starts.length = 0;
    this.#sizes.length = 0;
    this.#places.length = 0;
  }

  #take(lane: number, out: DataView, place: number): void {
    for (let word = 0; word < INITIAL.length; word += 1)
      out.setInt32(place * DIGEST_BYTES + word * WORD_BYTES, this.#state[word * LANES + lane] ?? 0);
  }
}
