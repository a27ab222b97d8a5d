/** A word as it stands in a text, and what it looks like. */

export const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[“”«»`]/gu, '"')
    .replace(/’/gu, "'")
    .replace(/\s+/gu, " ");

/** What may stand around a word and is not of it. */
export const EDGES = /^[^\p{L}\p{N}/@#_.]+|[^\p{L}\p{N}/_]+$/gu;

const NOT_NAMES = new Set(["and/or", "e.g", "i.e", "etc"]);

export function isIdentifier(word: string): boolean {
  if (NOT_NAMES.has(word.toLowerCase())) return false;
  return (
    /[\p{N}_/\\@#=<>{}[\]|~^&*$]|[\p{L}][.:][\p{L}]|\p{Ll}\p{Lu}|\(\)/u.test(word) &&
    !/^\$?\d[\d.,]*%?$/u.test(word)
  );
}

/** A path or a name of code: figures in it count nothing. */
export const isPath = (word: string): boolean =>
  isIdentifier(word) && /^[^\d]*\p{L}/u.test(word) && /[/\\_]|\p{L}[.:]\p{L}/u.test(word);
