/**
 * The numbers that a text claims, so that one text can be held against another.
 *
 *   "12 of 20 reviews took 1.5 h, twice"  ─▶  { "12 -", "20 -", "1.5 h", "2 times" }
 *
 * The rule. A claim is a value with its unit; it is there only if the evidence has the same value with the same unit.
 * - Digits count however they are grouped or padded (1,200 = 1200; 4.20 = 4.2). What holds digits and is no plain number
 *   (a date, a clock, a version, a range, a path, 180k) counts as it is written.
 * - Words count as their value: two, twenty-one, three hundred; once, twice and thrice are times; second, third, twentieth …
 *   are ordinals ("first" is not: it is an adverb in half of its uses). Half, double, dozen, couple and their like count as words.
 * - A unit of time, money or share counts also where no number stands before it: "for hours", "a week", "percent".
 * - Names of days and months, yesterday and tomorrow count as words.
 * - Nothing is converted: 90 min is not 1.5 h, and half is not 50 %.
 * Vague words (many, most, several, often, never) are no numbers.
 */

import {
  AS_WRITTEN,
  IS_FOLD,
  NO_UNIT_ALONE,
  OFTEN,
  ORDINALS,
  SCALES,
  TENS,
  UNITS,
  VALUES,
} from "./number-words.ts";

const NUMBER = /^([$€£¥]?)(-?)([$€£¥]?)(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(.*)$/u;
const ORDINAL_ENDING = /^(?:st|nd|rd|th)$/;
/** What may stand around a word and is not of it. A hyphen is a sign before a digit alone. */
const AROUND = /^[^\p{L}\p{N}$€£¥%×-]+|^-+(?=\p{L})|[^\p{L}\p{N}%$€£¥×]+$/gu;

/** Each has one claim, or says nothing of numbers. */
function tokensOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[‐‑‒–—−]/gu, "-")
      // A mark between two letters parts words; beside a digit it is of what stands there.
      .replace(/(?<=\p{L})[^\p{L}\p{N}\s](?=\p{L})/gu, " ")
      .split(/\s+|--+/u)
      .map((token) => token.replace(AROUND, ""))
      .filter((token) => token !== "")
  );
}

export function claimsOf(text: string): Set<string> {
  const claims = new Set<string>();
  const tokens = tokensOf(text);
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at] ?? "";
    const { claim, length } = /\p{N}/u.test(token)
      ? digits(token, tokens[at + 1])
      : words(tokens.slice(at, at + MAX_RUN));
    if (claim !== null) claims.add(claim);
    at += length;
  }
  return claims;
}

/** Words of one number at most: "nine hundred ninety nine thousand nine hundred ninety nine minutes". */
const MAX_RUN = 12;

interface Read {
  claim: string | null;
  /** In tokens. */
  length: number;
}
const one = (claim: string | null): Read => ({ claim, length: 1 });

function digits(token: string, next: string | undefined): Read {
  const [, before = "", sign = "", money = "", number = "", rest = ""] = NUMBER.exec(token) ?? [];
  const unit = rest.replace(/^-/, "");
  if (number === "" || (unit !== "" && !UNITS.has(unit) && !ORDINAL_ENDING.test(unit)))
    return one(`as written ${token}`);
  const value = `${sign}${String(Number(number.replaceAll(",", "")))}`;
  if (ORDINAL_ENDING.test(unit)) return one(`${value} ordinal`);
  if (before + money !== "") return one(`${value} usd`);
  if (unit !== "") return one(`${value} ${UNITS.get(unit) ?? unit}`);
  return claimed(value, next, 1);
}

/** A value and the unit that follows it, if one does. */
function claimed(value: string, next: string | undefined, length: number): Read {
  const unit = next === undefined ? undefined : UNITS.get(next);
  return { claim: `${value} ${unit ?? "-"}`, length: unit === undefined ? length : length + 1 };
}

function words(tokens: readonly string[]): Read {
  const [word = ""] = tokens;
  const ordinal = ORDINALS.get(word);
  const often = OFTEN.get(word);
  // "Twenty-first" is one, and "first" alone none.
  const after = tokens[1] === "first" ? 1 : (ORDINALS.get(tokens[1] ?? "") ?? 10);
  if (TENS.includes(word) && after < 10)
    return { claim: `${String((VALUES.get(word) ?? 0) + after)} ordinal`, length: 2 };
  if (ordinal !== undefined) return one(`${String(ordinal)} ordinal`);
  if (often !== undefined) return one(`${String(often)} times`);
  if (AS_WRITTEN.has(word) || IS_FOLD.test(word)) return one(`as written ${word}`);
  if (UNITS.has(word) && !NO_UNIT_ALONE.has(word)) return one(`some ${UNITS.get(word) ?? word}`);
  return VALUES.has(word) || SCALES.has(word) ? spelled(tokens) : one(null);
}

/** "twenty one", "three hundred five thousand": what makes one number, and no word more. */
function spelled(tokens: readonly string[]): Read {
  let total = 0;
  let current = 0;
  let length = 0;
  for (const word of tokens) {
    const scale = SCALES.get(word);
    const value = VALUES.get(word);
    if (scale === 100 && current < 100) current = (current || 1) * scale;
    else if (scale !== undefined && scale !== 100) {
      total += (current || 1) * scale;
      current = 0;
    } else if (value !== undefined && (length === 0 || fits(value, current, total))) current += value;
    else break;
    length += 1;
  }
  return claimed(String(total + current), tokens[length], length);
}

function fits(value: number, current: number, total: number): boolean {
  if (current === 0) return total > 0;
  if (current % 100 === 0) return value < 100;
  return current % 100 >= 20 && current % 10 === 0 && value < 10 && value > 0;
}

/** Claims of `text` that `evidence` does not make. A count "3 times" also carries "3", as times are counted. */
export function unfounded(text: string, evidence: string): string[] {
  const known = claimsOf(evidence);
  for (const claim of [...known]) {
    const [value = "", unit = ""] = claim.split(" ");
    if (unit === "times") known.add(`${value} -`);
    // Where an amount of hours stands, there were hours.
    if (value !== "as" && value !== "some") known.add(`some ${unit}`);
  }
  return [...claimsOf(text)].filter((claim) => !known.has(claim));
}
