/** Which names a person would take for Clusterfork itself (T5): on a screen they speak as it does, whatever their bytes. */

/**
 * Letters of other scripts that look like ours (Unicode TS #39, the confusables
 * of these ten letters and the colon), as NFKD and lower case leave them: the
 * lunate sigma, U+03F2, which is drawn like a c, is U+03C2 then.
 */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  c: "\u0441\u03c2\u1d04\u2ca5",
  l: "1|\u04cf\u0131\u0456\u01c0\u2c93\ua4f2",
  u: "\u03c5\u057d\u1d1c",
  s: "\u0455\ua731",
  t: "\u03c4\u0442\u1d1b",
  e: "\u0435\u0454\u04bd\u1d07",
  r: "\u0433\u1d26\u2c85\u0280",
  f: "\u03dd\u0493\ua799\ua730",
  o: "0\u03bf\u043e\u0585\u03c3\u1d0f\u2c9f",
  k: "\u03ba\u043a\u2c95\u1d0b",
  ":": "\u02d0\u02d1\ua789\u2236\u0589\u05c3\u16ec\u1803\u205a\ua4fd",
};
const PLAIN: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKS_LIKE).flatMap(([plain, others]) =>
    [...others].map((other): [string, string] => [other, plain]),
  ),
);

/** The name alone, or a part of Clusterfork: "clusterfork", "Clusterfork: governor". */
const RESERVED = /^clusterfork(?::|$)/;

/** Characters that show nothing (format controls, fillers, variation selectors), spaces, and accents. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{White_Space}\p{M}]/gu;

/** Long enough for the name and marks between its letters; beyond it nobody sees the beginning alone. */
const HEAD_CHARS = 256;

/** Names of which nothing is unseen but blanks, and that look like their letters: almost all. */
const PRINTABLE = /^[ -~]+$/;
/** How such a name would have to begin: in ASCII, `1` and `|` look like an l. */
const BEGINNING = /^ *c *[l1|] *u/i;

const SPACE = 0x20;
const DELETE = 0x7f;
/** `c` and `C` but for the bit that tells them apart. */
const LETTER_C = 0x63;
const CASE_BIT = 0x20;

/** A printable character of ASCII that is no blank stays what it is, and first: whatever follows it, it has to be a c. */
function beginsOtherwise(name: string): boolean {
  const first = name.charCodeAt(0);
  return first > SPACE && first < DELETE && (first | CASE_BIT) !== LETTER_C;
}

export function readsAsClusterfork(name: string): boolean {
  if (beginsOtherwise(name)) return false;
  if (PRINTABLE.test(name) && !BEGINNING.test(name)) return false;
  const head = name.slice(0, HEAD_CHARS).normalize("NFKD").replaceAll(UNSEEN, "").toLowerCase();
  if (RESERVED.test(head)) return true;
  let plain = "";
  for (const character of head) plain += PLAIN.get(character) ?? character;
  return RESERVED.test(plain);
}
