/** SHA-256 of many messages, by the fastest way that the runtime has: a commit hashes its events and their ids. */
import { DIGEST_BYTES, PADDING_BYTES, Sha256, SHORT_BYTES } from "../../../schema/event/sha256.ts";
import { openLanes } from "./lanes.ts";
import type { Messages } from "./message.ts";
import { saltedDigest } from "./salt.ts";

export interface Digests {
  /**
   * Writes the digest of each message, DIGEST_BYTES behind each other, into `out`. `salts`: SALT_BYTES for each
   * message, which are hashed before it.
   */
  digest(messages: Messages, salts: Uint8Array | null, out: Uint8Array): void;
}

/** Keeps working memory: make one and keep it. */
export function createDigests(): Digests {
  return openLanes() ?? new OneByOne();
}

/** Without WebAssembly. */
export class OneByOne implements Digests {
  readonly #sha256 = new Sha256();
  readonly #short = new Uint8Array(SHORT_BYTES + PADDING_BYTES);
  readonly #view = new DataView(this.#short.buffer);

  digest({ bytes, ends }: Messages, salts: Uint8Array | null, out: Uint8Array): void {
    let from = 0;
    for (const [i, to] of ends.entries()) {
      const message = bytes.subarray(from, to);
      const is_short = salts === null && message.length <= SHORT_BYTES;
      out.set(is_short ? this.#digest(message) : saltedDigest(message, salts, i), i * DIGEST_BYTES);
      from = to + 1;
    }
  }

  #digest(message: Uint8Array): Uint8Array {
    this.#short.set(message);
    return this.#sha256.digest(this.#view, 0, message.length);
  }
}
