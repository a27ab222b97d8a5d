/** What may be a secret where a name says that one follows, and what plainly is none. */

/** Only the head of a value is looked at: more would make long texts slow. */
export const VALUE_HEAD_CHARS = 256;

const PLACEHOLDER =
  /^(?:\$|%\w+%|%[sdvq]|<|\{|\(|\[redacted|\*+|\.{2,}|…|x{3,}|•|process\.env|os\.(?:environ|getenv)|import\.meta|env\.|secrets\.|vars\.|getenv|your[-_ ]|\[[^\]]*\]$|example$|changeme$|placeholder|redacted)/i;

const NOT_A_VALUE =
  /^(?:true|false|null|none|nil|undefined|void|string|str|text|number|int|integer|bool|boolean|object|any|unknown|never|bytes|required|optional|missing|invalid|empty|unset|auto|default|yes|no|on|off|todo|n\/a|self|this|hidden|omit|same-origin|include)$/i;

/** `${TOKEN}`, `<your key>`, `***`, `process.env.X`: stands where a secret would. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || ELLIPSIS.test(value);
}

/** The head of a key and dots, as manuals write it: `sk-…`. What stands there is a kind, not a key. */
const ELLIPSIS = /^[\w-]{0,12}(?:\.{3}|…)$/;

/** Whether a value under a name that is always secret is one. */
export function isPlausibleSecret(value: string): boolean {
  return value.length >= 3 && !isPlaceholder(value) && !NOT_A_VALUE.test(value);
}

/** Fewest characters of a random token. */
const MIN_RANDOM_CHARS = 16;

/** Whether a value under a doubtful name (`token`) looks random: long, unbroken, letters and digits. */
export function isRandomLooking(value: string): boolean {
  return (
    value.length >= MIN_RANDOM_CHARS &&
    !/\s|:\/\/|^[~./\\]|^\w+\(/.test(value) &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !isPlaceholder(value)
  );
}

/** A path: what the shell's PWD holds, against the Pwd of a connection string. */
export function isPath(value: string): boolean {
  return /^(?:[~.]?[\\/]|[A-Za-z]:[\\/]|\.$|~$)/.test(value);
}
