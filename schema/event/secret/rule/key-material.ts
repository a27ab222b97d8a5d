/** Keys and tokens that are a format of their own: armoured keys, age, JSON Web Tokens. */
import { ARMOUR, CAPITAL, DASH, TOKEN } from "../character.ts";
import type { Reader } from "../reader.ts";
import { prefixed, type Rule, type Span } from "../rule.ts";

/** `-----BEGIN … PRIVATE KEY…-----` fits, with its spaces URL-encoded too. */
const MAX_LABEL_CHARS = 80;
/** An RSA key of 16,384 bits is 12.6 KB; escapes and quoting of each line come on top. */
const MAX_ARMOUR_CHARS = 32 * 1024;
/** Less than this between BEGIN and END is prose about keys. */
const MIN_BODY_CHARS = 32;
/** Shortest telling part of a JSON Web Token: `{"alg":"none"}` is 19 characters in base64. */
const MIN_JWT_PART_CHARS = 12;

function armoured(reader: Reader, at: number, after: number): Span | undefined {
  const { text } = reader;
  reader.steps += MAX_LABEL_CHARS;
  const label = /^[A-Z0-9 %+_]{0,40}PRIVATE(?: |%20|\+)KEY(?:(?: |%20|\+)BLOCK)?-----/.exec(
    text.slice(after, after + MAX_LABEL_CHARS),
  );
  if (label === null) return undefined;
  const body = after + label[0].length;
  const close = reader.next("-----END", body);
  if (close !== -1 && close - body <= MAX_ARMOUR_CHARS) {
    if (close - body < MIN_BODY_CHARS) return undefined;
    const line = close + "-----END".length;
    reader.steps += MAX_LABEL_CHARS;
    const tail = /^[A-Z0-9 %+_]{0,60}(?:-----)?/.exec(text.slice(line, line + MAX_LABEL_CHARS));
    return { start: at, end: line + (tail === null ? 0 : tail[0].length) };
  }
  // Cut off before its END: whatever looks like key material goes.
  const end = reader.runEnd(ARMOUR, body);
  return end - body >= MIN_BODY_CHARS ? { start: at, end } : undefined;
}

export const KEY_MATERIAL_RULES: readonly Rule[] = [
  {
    name: "private-key",
    finds: "PEM, OpenSSH and PGP private keys, whole or cut off, also with escaped line ends",
    anchors: ["-----BEGIN"],
    match: armoured,
  },
  {
    name: "private-key",
    finds: "PuTTY private keys",
    anchors: ["Private-Lines: "],
    match(reader, at, after) {
      const end = reader.runEnd(ARMOUR, after);
      return end - after >= MIN_BODY_CHARS ? { start: at, end } : undefined;
    },
  },
  prefixed({
    name: "age",
    finds: "age identities",
    prefixes: ["AGE-SECRET-KEY-1"],
    body: CAPITAL,
    min: 40,
    tail: CAPITAL | DASH,
  }),
  {
    name: "jwt",
    finds: "JSON Web Tokens: two or more parts of base64url, the first a JSON object",
    anchors: ["eyJ"],
    match(reader, at, after) {
      let end = reader.runEnd(TOKEN, after);
      if (end - at < MIN_JWT_PART_CHARS || reader.text[end] !== "." || !reader.startsToken(at))
        return undefined;
      let part = end + 1;
      end = reader.runEnd(TOKEN, part);
      if (end - part < MIN_JWT_PART_CHARS) return undefined;
      // A signed token has three parts, an encrypted one five, of which one may be empty.
      for (let parts = 2; parts < 5 && reader.text[end] === "."; parts++) {
        part = end + 1;
        const next = reader.runEnd(TOKEN, part);
        if (next === part && reader.text[next] !== ".") break;
        end = next;
      }
      return { start: at, end };
    },
  },
];
