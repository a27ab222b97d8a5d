/**
 * The names that a link shows in place of names. Keyed by the installation's
 * secret and the link, so that nobody can try likely names against an alias,
 * and two links show the same agent under different ones.
 */
import { createHmac } from "node:crypto";
import type { Alias } from "../../schema/event/view.ts";

/** Of Clusterfork itself: the fold knows them by this, and they are nobody's name. */
const OWN_PREFIX = "clusterfork:";
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
/** 5 bits each: among a million names of a project, two share an alias with a chance of one in 10^12. */
const ALIAS_CHARACTERS = 16;
/** Aliases remembered: more names than a hot state holds. They cost a hash each to make anew. */
const MAX_REMEMBERED = 20_000;

/** `anon-` and 16 characters [a-z2-7], for ever the same for one name within one link. */
export function createAlias(key_secret: string, share_id: string): Alias {
  const key = createHmac("sha256", key_secret).update(`alias:${share_id}`).digest();
  const known = new Map<string, string>();
  return (name) => {
    if (name.startsWith(OWN_PREFIX)) return name;
    let alias = known.get(name);
    if (alias === undefined) {
      const digest = createHmac("sha256", key).update(unitsOf(name)).digest();
      alias = `anon-${base32(digest, ALIAS_CHARACTERS)}`;
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(name, alias);
    }
    return alias;
  };
}

/** UTF-16 units, as names are compared: in UTF-8 two lone surrogates would be the same. */
function unitsOf(name: string): Uint8Array {
  const bytes = new Uint8Array(2 * name.length);
  for (let i = 0; i < name.length; i += 1) {
    const unit = name.charCodeAt(i);
    bytes[2 * i] = unit & 255;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

function base32(bytes: Uint8Array, characters: number): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && text.length < characters) {
      bits -= 5;
      text += ALPHABET[(value >> bits) & 31] ?? "";
    }
  }
  return text;
}
