/**
 * The text of an API key:
 *
 *   cfk_<project>_<key id>_<secret>_<tag>
 *       p + 15     12       32       24 hex of HMAC-SHA256(KEY_SECRET, all before)
 *
 * The tag proves, with no look-up, that this installation made the key, so a
 * forged one wakes no room (T3). Whether the key is still good, only the room knows.
 */
import { isTagOf, sha256, tagOf } from "./tag.ts";

export interface KeyText {
  project_id: string;
  key_id: string;
  /** Hex SHA-256 of the secret part, which is all that leaves this module of it. */
  secret_sha256: string;
}

const SHAPE = /^(cfk_(p[a-z0-9]{15})_([a-z0-9]{12})_([A-Za-z0-9]{32}))_([0-9a-f]{24})$/;

export function writeKey(
  signing_secret: string,
  parts: { project_id: string; key_id: string; secret: string },
): { text: string; secret_sha256: string } {
  const body = `cfk_${parts.project_id}_${parts.key_id}_${parts.secret}`;
  return { text: `${body}_${tagOf(signing_secret, body)}`, secret_sha256: sha256(parts.secret) };
}

/** The key's parts if its tag is ours, else null. */
export function verifyKeyTag(signing_secret: string, text: string): KeyText | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, body = "", project_id = "", key_id = "", secret = "", tag = ""] = match;
  if (!isTagOf(signing_secret, body, tag)) return null;
  return { project_id, key_id, secret_sha256: sha256(secret) };
}
