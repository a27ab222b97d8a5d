/**
 * SHA-256 (FIPS 180-4) in plain JavaScript, for short inputs on hot paths: in
 * workerd a digest by node:crypto costs 1.6 µs before it reads the first byte,
 * here a block of 64 bytes costs 0.3 µs (test/bench/sha256.ts). Beyond
 * SHORT_BYTES the native one wins; worker/intake and worker/room choose by it.
 */

export const DIGEST_BYTES = 32;
/** Input in bytes up to which this one is faster than a call of node:crypto. */
export const SHORT_BYTES = 256;
/** Writable bytes that `digest` needs behind its input: it pads in place, at most a block and the length. */
export const PADDING_BYTES = 72;

const BLOCK_BYTES = 64;
const ROUNDS = 64;

/** The first 32 bits of the fractional parts of the square and cube roots of the first primes (§4.2.2, §5.3.3). */
const PRIMES = primes(ROUNDS);
export const INITIAL = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
export const CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32) | 0;
}

/** Keeps its working memory between calls: make one and keep it. Synchronous, so nobody can interleave. */
export class Sha256 {
  readonly #words = new Int32Array(ROUNDS);
  readonly #state = new Int32Array(8);
  readonly #out = new DataView(new ArrayBuffer(DIGEST_BYTES));
  readonly #digest = new Uint8Array(this.#out.buffer);
  #text = new Uint8Array(SHORT_BYTES + PADDING_BYTES);
  #view = new DataView(this.#text.buffer);

  /**
   * The digest of `view`'s bytes from `from` to `to`. Overwrites up to
   * PADDING_BYTES behind `to`; the result is valid until the next call.
   */
  digest(view: DataView, from: number, to: number): Uint8Array {
    const length = to - from;
    const end = from + (((length + 8) >> 6) + 1) * BLOCK_BYTES;
    for (let at = to; at < end; at++) view.setUint8(at, 0);
    view.setUint8(to, 0x80);
    view.setUint32(end - 8, Math.floor(length / 2 ** 29));
    view.setUint32(end - 4, length << 3);
    this.#state.set(INITIAL);
    for (let at = from; at < end; at += BLOCK_BYTES) this.#block(view, at);
    for (let i = 0; i < 8; i++) this.#out.setInt32(4 * i, this.#state[i] ?? 0);
    return this.#digest;
  }

  /** The digest of a text's UTF-8, valid until the next call; null when the text is not short. */
  ofShort(text: string): Uint8Array | null {
    if (text.length > SHORT_BYTES) return null;
    const { read, written } = utf8.encodeInto(text, this.#text.subarray(0, SHORT_BYTES));
    return read === text.length ? this.digest(this.#view, 0, written) : null;
  }

  #block(view: DataView, from: number): void {
    const w = this.#words;
    const state = this.#state;
    for (let i = 0, at = from; i < 16; i++, at += 4) w[i] = view.getInt32(at);
    for (let i = 16; i < ROUNDS; i++) {
      const x = w[i - 15] ?? 0;
      const y = w[i - 2] ?? 0;
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = ((w[i - 16] ?? 0) + s0 + (w[i - 7] ?? 0) + s1) | 0;
    }
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    let e = state[4] ?? 0;
    let f = state[5] ?? 0;
    let g = state[6] ?? 0;
    let h = state[7] ?? 0;
    for (let i = 0; i < ROUNDS; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (CONSTANTS[i] ?? 0) + (w[i] ?? 0)) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = (state[0] ?? 0) + a;
    state[1] = (state[1] ?? 0) + b;
    state[2] = (state[2] ?? 0) + c;
    state[3] = (state[3] ?? 0) + d;
    state[4] = (state[4] ?? 0) + e;
    state[5] = (state[5] ?? 0) + f;
    state[6] = (state[6] ?? 0) + g;
    state[7] = (state[7] ?? 0) + h;
  }
}

const utf8 = new TextEncoder();
