/**
 * Character classes as bits of one table, so that "how far does this run of
 * token characters go" is one load and one test per character. A character has
 * one bit (hexadecimal letters alone have two), so that a class may be made by
 * taking bits away.
 */

export const DIGIT = 1 << 0;
export const LOWER = 1 << 1;
export const UPPER = 1 << 2;
export const UNDERSCORE = 1 << 3;
export const DASH = 1 << 4;
export const DOT = 1 << 5;
/** `+ =`: with the slash, what base64 adds to letters and digits. */
export const BASE64_MARK = 1 << 6;
/** Letters of a hexadecimal digit, either case. */
export const HEX_LETTER = 1 << 7;
export const BLANK = 1 << 8;
export const LINE_BREAK = 1 << 9;
/** Quotation marks: a quoted value ends here. */
export const QUOTE = 1 << 10;
/** What else ends an unquoted value: `, ; & < > ( ) { } [ ] |`. */
export const CLOSER = 1 << 11;
/** `# ?`: with slashes, blanks, quotes and closers, what ends a part of an address. */
export const ADDRESS_MARK = 1 << 12;
export const COLON = 1 << 13;
/** Everything else, letters beyond ASCII included. */
export const OTHER = 1 << 14;
export const PERCENT = 1 << 15;
export const BACKSLASH = 1 << 16;
export const CONTROL = 1 << 17;
export const AT = 1 << 18;
export const SLASH = 1 << 19;

export const LETTER = LOWER | UPPER;
export const ALNUM = DIGIT | LETTER;
export const WORD = ALNUM | UNDERSCORE;
export const TOKEN = WORD | DASH;
export const HEX = DIGIT | HEX_LETTER;
export const BASE64 = ALNUM | BASE64_MARK | SLASH;
export const CAPITAL = DIGIT | UPPER;
const ANYTHING = (1 << 20) - 1;

/** An unquoted value. Percent signs belong to it: a password may hold one. */
export const BARE_VALUE = ANYTHING & ~(BLANK | LINE_BREAK | QUOTE | CLOSER | BACKSLASH | CONTROL);
/** The same inside an URL-encoded text, where `%` begins an escaped delimiter. */
export const ENCODED_VALUE = BARE_VALUE & ~PERCENT;
/** The text between two quotation marks on one line, escapes included. */
export const QUOTED_VALUE = ANYTHING & ~(QUOTE | LINE_BREAK);
/** The rest of a header line. */
export const HEADER_VALUE = QUOTED_VALUE & ~BACKSLASH;
/** The user or password of an address. */
export const USER_INFO =
  ANYTHING & ~(BLANK | LINE_BREAK | QUOTE | CLOSER | ADDRESS_MARK | SLASH | BACKSLASH | AT | COLON | CONTROL);
/** Armoured key material, with the escapes, indents and headers it travels with. */
export const ARMOUR = BASE64 | BLANK | LINE_BREAK | BACKSLASH | PERCENT | COLON;

const CLASS_OF = new Int32Array(128);

function put(characters: string, bits: number): void {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    CLASS_OF[code] = (CLASS_OF[code] ?? 0) | bits;
  }
}

put("0123456789", DIGIT);
put("abcdefghijklmnopqrstuvwxyz", LOWER);
put("ABCDEFGHIJKLMNOPQRSTUVWXYZ", UPPER);
put("abcdefABCDEF", HEX_LETTER);
put("_", UNDERSCORE);
put("-", DASH);
put(".", DOT);
put("+=", BASE64_MARK);
put("/", SLASH);
put(" \t", BLANK);
put("\r\n", LINE_BREAK);
put("\"'`", QUOTE);
put(",;&<>(){}[]|", CLOSER);
put("#?", ADDRESS_MARK);
put("@", AT);
put(":", COLON);
put("%", PERCENT);
put("\\", BACKSLASH);
for (let code = 0; code < 128; code++) {
  if (CLASS_OF[code] === 0) CLASS_OF[code] = code < 32 || code === 127 ? CONTROL : OTHER;
}

/** The class bits of a UTF-16 code unit; NaN (past the end) has none. */
export function classOf(code: number): number {
  return code < 128 ? (CLASS_OF[code] ?? 0) : code >= 128 ? OTHER : 0;
}
