/** The hashes that intake hands to the schema. Synchronous, as the whole way of an event is. */
import { createHmac, hash } from "node:crypto";

/** Characters of a pseudonym: 64 bits keep a project's redacted ids apart. */
const PSEUDONYM_CHARS = 16;

export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** A keyed hash: without the key nobody can try likely secrets against a pseudonym. */
export function pseudonymWith(key_secret: string): (secret: string) => string {
  return (secret) =>
    createHmac("sha256", key_secret).update(`pseudonym:${secret}`).digest("hex").slice(0, PSEUDONYM_CHARS);
}
