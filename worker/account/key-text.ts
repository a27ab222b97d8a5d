/**
 * The text of an API key:
 *
 *   cfk_<project>_<key id>_<secret>_<tag>
 *       p + 15     12       32       24 hex of HMAC-SHA256(KEY_SECRET, all before)
 *
 * The tag proves, with no look-up, that this installation made the key, so a
 * forged one wakes no room (T3). Whether the key is still good, only the room knows.
 */
import { createHmac, hash, timingSafeEqual } from "node:crypto";

export interface KeyText {
  project_id: string;
  key_id: string;
  /** Hex SHA-256 of the secret part, which is all that leaves this module of it. */
  secret_sha256: string;
}

/** 24 hex characters: 96 bits, far beyond guessing over HTTP, and short enough to paste. */
const TAG_CHARACTERS = 24;
const SHAPE = /^(cfk_(p[a-z0-9]{15})_([a-z0-9]{12})_([A-Za-z0-9]{32}))_([0-9a-f]{24})$/;

function tagOf(signing_secret: string, body: string): string {
  return createHmac("sha256", signing_secret).update(body).digest("hex").slice(0, TAG_CHARACTERS);
}

function sha256(text: string): string {
  return hash("sha256", text, "hex");
}

export function writeKey(
  signing_secret: string,
  parts: { project_id: string; key_id: string; secret: string },
): { text: string; secret_sha256: string } {
  const body = `cfk_${parts.project_id}_${parts.key_id}_${parts.secret}`;
  return { text: `${body}_${tagOf(signing_secret, body)}`, secret_sha256: sha256(parts.secret) };
}

/** The key's parts if its tag is ours, else null. Takes the same time wherever a forged tag differs. */
export function verifyKeyTag(signing_secret: string, text: string): KeyText | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, body = "", project_id = "", key_id = "", secret = "", tag = ""] = match;
  const ascii = new TextEncoder();
  if (!timingSafeEqual(ascii.encode(tagOf(signing_secret, body)), ascii.encode(tag))) return null;
  return { project_id, key_id, secret_sha256: sha256(secret) };
}
