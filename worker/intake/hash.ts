/** The hashes that intake hands to the schema. Synchronous, as the whole way of an event is. */
import { createHash, createHmac, hash } from "node:crypto";
import { Sha256 } from "../../schema/event/sha256.ts";

/** Characters of a pseudonym: 64 bits keep a project's redacted ids apart. */
const PSEUDONYM_CHARS = 16;

/** Hex SHA-256 of a text's UTF-8. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** UTF-16 units of texts that are encoded into memory that is kept: almost every event. */
const MAX_KEPT_LENGTH = 4_096;
const utf8 = new TextEncoder();

/** The same, faster for the texts that most events are. Keeps its working memory: make one and keep it. */
export function createSha256Hex(): (text: string) => string {
  const short = new Sha256();
  // A UTF-16 unit is at most three bytes of UTF-8.
  const bytes = new Uint8Array(3 * MAX_KEPT_LENGTH);
  return (text) => {
    const found = short.ofShort(text);
    if (found !== null) return found.toHex();
    if (text.length > MAX_KEPT_LENGTH) return sha256Hex(text);
    // From bytes to bytes: in workerd half the price of texts (npm run bench:sha256).
    const { written } = utf8.encodeInto(text, bytes);
    return createHash("sha256").update(bytes.subarray(0, written)).digest().toHex();
  };
}

/** A keyed hash: without the key nobody can try likely secrets against a pseudonym. */
export function pseudonymWith(key_secret: string): (secret: string) => string {
  return (secret) =>
    createHmac("sha256", key_secret).update(`pseudonym:${secret}`).digest("hex").slice(0, PSEUDONYM_CHARS);
}
