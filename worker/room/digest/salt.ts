/** What stands before a message when it is hashed. */
import { hash } from "node:crypto";

/** A salt keeps a leaf from confirming a guess at a forgotten event. */
export const SALT_BYTES = 16;

/** SHA-256 of the message behind the salt at `place`, where there are salts; natively, for messages of any length. */
export function saltedDigest(message: Uint8Array, salts: Uint8Array | null, place: number): Uint8Array {
  if (salts === null) return hash("sha256", message, "buffer");
  const salted = new Uint8Array(SALT_BYTES + message.length);
  salted.set(salts.subarray(place * SALT_BYTES, (place + 1) * SALT_BYTES));
  salted.set(message, SALT_BYTES);
  return hash("sha256", salted, "buffer");
}
