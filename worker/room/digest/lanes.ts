/**
 * SHA-256 of many messages at once, four in the lanes of WebAssembly's vectors (module.ts). In workerd a digest by
 * node:crypto makes a stream and two buffers before it reads the first byte, which is most of what an event's leaf
 * costs.
 *
 *   messages ─▶ memory: salt, bytes, padding; one behind the other ─▶ blocks, lane by lane ─▶ digests
 *
 * A lane that has come to the end of its message takes the next one, so that none is idle before the last three.
 */
import { CONSTANTS, DIGEST_BYTES, INITIAL } from "../../../schema/event/sha256.ts";
import type { Digests } from "./digest.ts";
import type { Messages } from "./message.ts";
import { CONSTANTS_AT, MESSAGES_AT, moduleBytes, PAGE_BYTES, STATE_AT } from "./module.ts";
import { SALT_BYTES, saltedDigest } from "./salt.ts";

const LANES = 4;
const BLOCK_BYTES = 64;
const WORD_BYTES = 4;
/** At most, behind a message: a bit, zeros to the end of a block, and the length. */
const MAX_PADDING_BYTES = BLOCK_BYTES + 8;

/** 256 KiB: some 400 usual events, and an eighth of a core's second cache. */
const PAGES = 4;
const MEMORY_BYTES = PAGES * PAGE_BYTES;
/** Bytes of a message that is left to node:crypto: it reads five times as fast, which pays for what it makes. */
export const LONG_BYTES = 3_072;

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
    console.warn(`no WebAssembly for SHA-256, so appending takes longer: ${String(error)}`);
    return null;
  }
}

/** Null where there is no WebAssembly. */
export function openLanes(): Lanes | null {
  return COMPILED === null ? null : new Lanes(new WebAssembly.Instance(COMPILED));
}

/** Keeps its working memory between calls: make one and keep it. Synchronous, so nobody can interleave. */
class Lanes implements Digests {
  readonly #blocks: Blocks;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #state: Int32Array;
  /** Of what is laid down: where it begins, how many blocks it has, and which message it is. */
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

  digest(messages: Messages, salts: Uint8Array | null, out: Uint8Array): void {
    const { bytes, ends } = messages;
    let at = MESSAGES_AT;
    let from = 0;
    for (let i = 0; i < ends.length; i += 1) {
      const to = ends[i] ?? from;
      if (to - from > LONG_BYTES) out.set(saltedDigest(bytes.subarray(from, to), salts, i), i * DIGEST_BYTES);
      else {
        if (at + SALT_BYTES + to - from + MAX_PADDING_BYTES > MEMORY_BYTES) {
          this.#run(out);
          at = MESSAGES_AT;
        }
        at = this.#lay(bytes, from, to, salts, i, at);
      }
      from = to + 1;
    }
    this.#run(out);
  }

  /** Puts a message into memory, its salt before it and its padding behind it (FIPS 180-4 §5.1.1). Returns where it ends. */
  #lay(
    bytes: Uint8Array,
    from: number,
    to: number,
    salts: Uint8Array | null,
    i: number,
    start: number,
  ): number {
    const memory = this.#bytes;
    let at = start;
    if (salts !== null)
      for (let k = i * SALT_BYTES; k < (i + 1) * SALT_BYTES; k += 1) memory[at++] = salts[k] ?? 0;
    // An id: a view of it costs more than its bytes do one by one.
    if (to - from <= BLOCK_BYTES) for (let k = from; k < to; k += 1) memory[at++] = bytes[k] ?? 0;
    else {
      memory.set(bytes.subarray(from, to), at);
      at += to - from;
    }
    const length = at - start;
    const size = ((length + 8) >> 6) + 1;
    const end = start + size * BLOCK_BYTES;
    memory[at] = 0x80;
    memory.fill(0, at + 1, end - WORD_BYTES);
    this.#view.setUint32(end - WORD_BYTES, length << 3);
    this.#starts.push(start);
    this.#sizes.push(size);
    this.#places.push(i);
    return end;
  }

  /** Digests what is laid down, and forgets it. */
  #run(out: Uint8Array): void {
    const target = new DataView(out.buffer, out.byteOffset, out.byteLength);
    const count = this.#starts.length;
    // Where a lane stands, how many blocks are before it, and of which message. One without work reads the beginning.
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
