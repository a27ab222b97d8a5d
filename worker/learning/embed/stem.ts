/**
 * Porter's stemmer (1980), as SQLite's FTS5 has it. FTS5 finds by stems and cannot cheaply say which words it met:
 * its highlight() takes milliseconds per lesson. With the stems here the words of the few hits are compared again.
 */
const VOWEL = "(?:[aeiou]|(?<=[^aeiou])y)";
const STEM = new RegExp(VOWEL);
/** [VC]: how often vowels are followed by consonants. */
const measure = (stem: string) =>
  (stem.replace(/(?<=[^aeiou])y/g, "i").match(/[aeiou]+[^aeiou]+/g) ?? []).length;
const DOUBLE = /([^aeioulsz])\1$/;
const CVC = /^.*[^aeiou](?:[aeiou]|y)[^aeiouwxy]$/;

const STEP_2 = pairs(
  "ational:ate tional:tion enci:ence anci:ance izer:ize logi:log bli:ble alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble",
);
const STEP_3 = pairs("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
const STEP_4 = pairs(
  "al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: sion:s tion:t ou: ism: ate: iti: ous: ive: ize:",
);

function pairs(text: string): [ending: string, put: string][] {
  return text
    .split(" ")
    .map((pair) => pair.split(":") as [string, string])
    .sort(([a], [b]) => b.length - a.length);
}

function replaceEnding(word: string, endings: [string, string][], at_least: number): string {
  for (const [ending, put] of endings) {
    if (!word.endsWith(ending)) continue;
    const stem = word.slice(0, -ending.length) + put;
    return measure(put === "s" || put === "t" ? stem : word.slice(0, -ending.length)) >= at_least
      ? stem
      : word;
  }
  return word;
}

function plural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function past(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const stem = word.endsWith("ed") ? word.slice(0, -2) : word.endsWith("ing") ? word.slice(0, -3) : null;
  if (stem === null || !STEM.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLE.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && CVC.test(stem) ? `${stem}e` : stem;
}

function last(word: string): string {
  let stem = word;
  if (stem.endsWith("e")) {
    const shorter = stem.slice(0, -1);
    const m = measure(shorter);
    if (m > 1 || (m === 1 && !CVC.test(shorter))) stem = shorter;
  }
  return stem.endsWith("ll") && measure(stem) > 1 ? stem.slice(0, -1) : stem;
}

/** @param word in lower case. */
export function stemOf(word: string): string {
  if (word.length < 3 || !/^[a-z0-9]+$/.test(word)) return word;
  let stem = past(plural(word));
  if (stem.endsWith("y") && STEM.test(stem.slice(0, -1))) stem = `${stem.slice(0, -1)}i`;
  stem = replaceEnding(stem, STEP_2, 1);
  stem = replaceEnding(stem, STEP_3, 1);
  return last(replaceEnding(stem, STEP_4, 2));
}
