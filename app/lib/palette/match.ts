/**
 * How well a text fits what somebody typed. Each word of the query must be found: as it stands, best at the start
 * of a word, or as letters in this order, best at the starts of words ("tf" finds "Task flow").
 */

/** Beyond it a title is no title: the search looks no further. */
const MAX_TEXT = 240;
export const MAX_QUERY = 80;

const WHOLE = 1_000;
const PREFIX = 800;
const WORD_START = 600;
const INSIDE = 400;
const SCATTERED = 100;
/** Of the scattered letters: each at the start of a word, or right behind the one before it. */
const LUCKY = 12;
/** The share of the letters that have to be: in a long title any letters are found. */
const MIN_LUCKY = 0.75;
/** A letter is a word's beginning behind anything that is no letter or digit. */
const BOUNDARY = /[^\p{L}\p{N}]/u;

/** Lower case without accents, so that "elan" finds "Élan". */
export function folded(text: string): string {
  return text.slice(0, MAX_TEXT).normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Null: it does not fit. The higher the better; an empty query fits all alike. `text` and `query` are folded. */
export function scoreOf(query: string, text: string): number | null {
  let score = 0;
  for (const word of query.split(/\s+/)) {
    if (word === "") continue;
    const found = wordScore(word, text);
    if (found === null) return null;
    score += found;
  }
  // Of two that fit alike, the shorter says more of what was typed.
  return score === 0 ? 0 : score - text.length / MAX_TEXT;
}

function wordScore(word: string, text: string): number | null {
  if (text === word) return WHOLE;
  if (text.startsWith(word)) return PREFIX;
  const at = text.indexOf(word);
  if (at === -1) return scattered(word, text);
  for (let next = at; next !== -1; next = text.indexOf(word, next + 1))
    if (startsWord(text, next)) return WORD_START;
  return INSIDE;
}

function scattered(word: string, text: string): number | null {
  let lucky = 0;
  let letters = 0;
  let behind = -1;
  for (const letter of word) {
    const next = bestOf(letter, text, behind + 1);
    if (next === -1) return null;
    letters += 1;
    if (startsWord(text, next) || (behind >= 0 && next === behind + 1)) lucky += 1;
    behind = next + letter.length - 1;
  }
  return lucky < letters * MIN_LUCKY ? null : SCATTERED + lucky * LUCKY;
}

/** The next start of a word with this letter, else the letter wherever it comes next. */
function bestOf(letter: string, text: string, from: number): number {
  const first = text.indexOf(letter, from);
  if (first === from) return first;
  for (let next = first; next !== -1; next = text.indexOf(letter, next + 1))
    if (startsWord(text, next)) return next;
  return first;
}

const startsWord = (text: string, at: number): boolean => at === 0 || BOUNDARY.test(text.charAt(at - 1));
