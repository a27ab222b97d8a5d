/** The tag at the end of keys and share tokens: it proves, with no look-up, that this installation made the text (T3). */
import { createHmac, hash, timingSafeEqual } from "node:crypto";

/** 24 hex characters: 96 bits, far beyond guessing over HTTP, and short enough to paste. */
const TAG_CHARACTERS = 24;

/** Of all that stands before it. Each kind of text begins with a prefix of its own, so none passes for another. */
export function tagOf(signing_secret: string, body: string): string {
  return createHmac("sha256", signing_secret).update(body).digest("hex").slice(0, TAG_CHARACTERS);
}

/** Takes the same time wherever a forged tag differs. */
export function isTagOf(signing_secret: string, body: string, tag: string): boolean {
  const ascii = new TextEncoder();
  const [expected, offered] = [ascii.encode(tagOf(signing_secret, body)), ascii.encode(tag)];
  return expected.length === offered.length && timingSafeEqual(expected, offered);
}

export function sha256(text: string): string {
  return hash("sha256", text, "hex");
}
