/** What stands before a text when it is hashed. */
import { hash } from "node:crypto";

/** A salt keeps a leaf from confirming a guess at a forgotten event. */
export const SALT_BYTES = 16;

const utf8 = new TextEncoder();

/** SHA-256 of the text's UTF-8, behind the salt at `place` where there are salts; natively, for texts of any length. */
export function saltedDigest(text: string, salts: Uint8Array | null, place: number): Uint8Array {
  const bytes = utf8.encode(text);
  if (salts === null) return hash("sha256", bytes, "buffer");
  const message = new Uint8Array(SALT_BYTES + bytes.length);
  message.set(salts.subarray(place * SALT_BYTES, (place + 1) * SALT_BYTES));
  message.set(bytes, SALT_BYTES);
  return hash("sha256", message, "buffer");
}
