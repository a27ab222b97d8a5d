/** SHA-256 of many texts, by the fastest way that the runtime has: what a commit hashes are its events and their ids. */
import { DIGEST_BYTES, Sha256 } from "../../../schema/event/sha256.ts";
import { openLanes } from "./lanes.ts";
import { saltedDigest } from "./salt.ts";

export interface Digests {
  /**
   * Writes the digest of each text's UTF-8, DIGEST_BYTES behind each other, into `out`. `salts`: SALT_BYTES for each
   * text, which are hashed before it.
   */
  digest(texts: readonly string[], salts: Uint8Array | null, out: Uint8Array): void;
}

/** Keeps working memory: make one and keep it. */
export function createDigests(): Digests {
  return openLanes() ?? new OneByOne();
}

/** Without WebAssembly. */
export class OneByOne implements Digests {
  readonly #sha256 = new Sha256();

  digest(texts: readonly string[], salts: Uint8Array | null, out: Uint8Array): void {
    for (const [i, text] of texts.entries()) {
      const short = salts === null ? this.#sha256.ofShort(text) : null;
      out.set(short ?? saltedDigest(text, salts, i), i * DIGEST_BYTES);
    }
  }
}
