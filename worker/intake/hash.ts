/** The hashes that intake hands to the schema. Synchronous, as the whole way of an event is. */
import { createHmac, hash } from "node:crypto";
import { Sha256 } from "../../schema/event/sha256.ts";

/** Characters of a pseudonym: 64 bits keep a project's redacted ids apart. */
const PSEUDONYM_CHARS = 16;

/** Hex SHA-256 of a text's UTF-8. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

/** The same, faster for the short texts that most events are. Keeps its working memory: make one and keep it. */
export function createSha256Hex(): (text: string) => string {
  const short = new Sha256();
  return (text) => short.ofShort(text)?.toHex() ?? sha256Hex(text);
}

/** A keyed hash: without the key nobody can try likely secrets against a pseudonym. */
export function pseudonymWith(key_secret: string): (secret: string) => string {
  return (secret) =>
    createHmac("sha256", key_secret).update(`pseudonym:${secret}`).digest("hex").slice(0, PSEUDONYM_CHARS);
}
