/**
 * The hash chain over the log (L5), the construction of RFC 6962's salted
 * leaves on a plain chain of commits.
 *
 *   leaf = SHA-256(salt ‖ canonical bytes)     one per event
 *   head = SHA-256(previous head ‖ leaves)     one per log row
 *
 * The canonical bytes are the UTF-8 of the stored JSON text as every reader
 * gets it. Salts keep a leaf from confirming a guess at a forgotten event.
 * A commit over MAX_ROW_BYTES is several rows, hence several steps.
 */
import { hash, randomFillSync } from "node:crypto";
import { DIGEST_BYTES, SHORT_BYTES, type Sha256 } from "../../schema/event/sha256.ts";
import type { Digests } from "./digest/digest.ts";
import type { Messages } from "./digest/message.ts";
import { SALT_BYTES } from "./digest/salt.ts";

export { SALT_BYTES };
export const LEAF_BYTES = DIGEST_BYTES;
/** The head before the first event. */
export const GENESIS = new Uint8Array(32);

/** Between the events of a row. */
export const NEWLINE = 10;
const fromUtf8 = new TextDecoder();

/** What `link` computes and verify.ts checks: one log row without its bookkeeping. */
export interface ChainRow {
  first_seq: number;
  last_seq: number;
  head: Uint8Array;
  salts: Uint8Array;
  leaves: Uint8Array;
  /** The events' JSON texts in UTF-8, joined by newlines; an empty line is a forgotten event. */
  events: Uint8Array;
}

/** Adds one row's events to the chain. */
export function link(digests: Digests, previous: Uint8Array, first_seq: number, events: Messages): ChainRow {
  const count = events.ends.length;
  const salts = randomFillSync(new Uint8Array(SALT_BYTES * count));
  const leaves = new Uint8Array(LEAF_BYTES * count);
  digests.digest(events, salts, leaves);
  return {
    first_seq,
    last_seq: first_seq + count - 1,
    head: headOf(previous, leaves),
    salts,
    leaves,
    events: events.bytes,
  };
}

/** The texts of a row, in order; empty where an event was forgotten. */
export function textsOf(events: Uint8Array | ArrayBuffer): string[] {
  return fromUtf8.decode(events).split("\n");
}

export function hexOf(bytes: Uint8Array): string {
  return bytes.toHex();
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex);
}

/** Of salt and text, `view`'s bytes from `at` to `end`; PADDING_BYTES behind them are overwritten. Valid until the next call. */
export function leafOf(sha256: Sha256, view: DataView, at: number, end: number): Uint8Array {
  if (end - at <= SHORT_BYTES) return sha256.digest(view, at, end);
  return digestOf(new Uint8Array(view.buffer, at, end - at));
}

export function headOf(previous: Uint8Array, leaves: Uint8Array): Uint8Array {
  return digestOf(joined(previous, leaves));
}

function digestOf(bytes: Uint8Array): Uint8Array {
  // In workerd a tenth cheaper than an object of its own.
  return hash("sha256", bytes, "buffer");
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
