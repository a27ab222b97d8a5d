/**
 * Whether words about a lesson say no more than its evidence does. It cannot tell whether a sentence is true; it makes
 * sure that nothing in it which could be looked up was made up:
 *
 *   numbers     each has to be in the evidence, with its unit (number.ts); outside of quotation marks, in the analyst's own
 *   names       what looks like an id, a path, a name or an acronym has to stand there, letter by letter
 *   quotations  what stands between quotation marks has to stand there, word by word
 *   senders     what they wrote stays between quotation marks (said.ts)
 *   subject     names of the built-in headline are still there, and a part of its words
 *   manner      English, without what the patterns of prompt injection find, within its length
 *
 * What it refuses costs nothing: the built-in text is used.
 */
import { stemOf } from "../embed/stem.ts";
import { STOP_WORDS } from "../embed/stop-words.ts";
import { flagsOf } from "../guard/flag.ts";
import { overlap, wordSet } from "../retrieve/words.ts";
import { EDGES, isIdentifier, isPath, plain } from "./chunk.ts";
import { CONTEXT_CHARS, EXPLANATION_CHARS, HEADLINE_CHARS } from "./limits.ts";
import { unfounded } from "./number.ts";
import { isOpener } from "./opener.ts";
import { launders, ownWords } from "./said.ts";

/** The parts of a lesson that a model may word. */
export interface Words {
  headline: string;
  explanation: string;
  context: string;
}

export interface Evidence extends Words {
  /** Of the pattern: names and texts out of events, and figures. */
  facts: Readonly<Record<string, string | number>>;
}

export const OBJECTIONS = [
  "length",
  "injection",
  "number",
  "quotation",
  "unquoted",
  "name",
  "language",
  "subject",
] as const;
export type Objection = (typeof OBJECTIONS)[number];

/** Share of words that say something (Jaccard) below which it is another lesson. */
const SAME = 0.1;
/** Share of function words below which a text is not English; ordinary English has about 40 %. */
const ENGLISH = 0.15;
/** Words that English cannot do without, and its neighbours do not have. */
const FUNCTION_WORDS = new Set(
  `the of and to is are it that with when before after you your this what which not by for from be were have has its them
  they as at a or if until where who how will should than then each every while would there their so but only
  any no all more into over about does did do can must may instead`.split(/\s+/),
);

/** Null: nothing to object. */
export function objectionTo(words: Words, evidence: Evidence): Objection | null {
  const { headline, explanation, context } = words;
  const parts = [headline, explanation, context];
  const text = parts.join("\n");
  const told = evidenceText(evidence);
  if (
    !isWithin(headline, HEADLINE_CHARS) ||
    !isWithin(explanation, EXPLANATION_CHARS) ||
    !isWithin(context, CONTEXT_CHARS)
  )
    return "length";
  // Whole, and sentence by sentence: some patterns begin where a text begins.
  if ([text, ...text.split(/(?<=[.!?:])\s+/u)].some((part) => flagsOf(part).length > 0)) return "injection";
  if (unfounded(text, told).length > 0) return "number";
  const own = parts.map((part) => withoutQuotations(part, told));
  if (own.includes(null)) return "quotation";
  const analyst = ownWords([evidence.headline, evidence.explanation, evidence.context], evidence.facts);
  if (parts.some((part) => launders(part, evidence.facts, analyst))) return "unquoted";
  if (!isEnglish(own.join(" "))) return "language";
  if (unfounded(withoutPaths(own.join("\n")), withoutPaths(analyst)).length > 0) return "number";
  const known = chunksOf(told);
  const stems = new Set([...wordSet(told)].map(stemOf));
  if (own.some((part) => namesOf(part ?? "", stems).some((name) => !known.has(name)))) return "name";
  const kept = chunksOf(text);
  if (identifiersOf(evidence.headline).some((name) => !kept.has(name))) return "subject";
  return overlap(contentOf(text), contentOf(told)) < SAME ? "subject" : null;
}

const contentOf = (text: string): ReadonlySet<string> =>
  new Set([...wordSet(text)].filter((word) => !STOP_WORDS.has(word)));

/** Their letters are looked at as those of names. */
const withoutPaths = (text: string): string =>
  text.replace(/\S+/gu, (raw) => (isPath(raw.replace(EDGES, "")) ? "¶" : raw));

/** All that the model was given. */
export function evidenceText({ headline, explanation, context, facts }: Evidence): string {
  return [headline, explanation, context, ...Object.values(facts).map(String)].join("\n");
}

function isWithin(text: string, { least, most }: { least: number; most: number }): boolean {
  return text.length >= least && text.length <= most;
}

const MARKS = /[“”«»"`]/gu;
const QUOTATION = /“([^“”]*)”|«([^«»]*)»|"([^"]*)"|`([^`]*)`/gu;

/** The text with a mark in the place of each quotation; null: one is not in the evidence, or does not end. */
function withoutQuotations(text: string, told: string): string | null {
  const known = ` ${plain(told).replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  let is_known = true;
  const rest = text.replace(QUOTATION, (whole) => {
    const words = plain(whole)
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    is_known &&= words !== "" && known.includes(` ${words} `);
    // A quotation that ends a sentence ends it still.
    return /[.!?]\P{L}*$/u.test(whole) ? "¶." : "¶";
  });
  return is_known && rest.search(MARKS) === -1 ? rest : null;
}

/** Words as they stand, without the punctuation around them. */
function chunksOf(text: string): Set<string> {
  return new Set(
    plain(text)
      .split(/[\s"]+/u)
      .map((chunk) => chunk.replace(EDGES, "")),
  );
}

/** What looks like an id, a path, code, a proper name or an acronym; in lower case. `stems`: of the evidence's words. */
function namesOf(text: string, stems: ReadonlySet<string>): string[] {
  const names: string[] = [];
  let begins = true;
  for (const raw of text.split(/\s+/u)) {
    const word = raw.replace(EDGES, "");
    const is_name =
      isIdentifier(word) ||
      // Letters that English does not have, and two capitals in one word: a name, or letters that look like others.
      /[^\p{ASCII}]/u.test(word.replace(/[’‐‑–—¶]/gu, "")) ||
      /\p{Lu}.*\p{Lu}/u.test(word) ||
      (/^\p{Lu}/u.test(word) && !(begins && isOpener(word, stems)));
    if (is_name) names.push(plain(word));
    if (word !== "" || raw.includes("¶")) begins = /[.!?:]["')]?$/u.test(raw);
  }
  return names;
}

function identifiersOf(text: string): string[] {
  return [...text.split(/[\s“”«»"`]+/u)]
    .map((raw) => raw.replace(EDGES, ""))
    .filter(isIdentifier)
    .map(plain);
}

function isEnglish(text: string): boolean {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.filter((word) => FUNCTION_WORDS.has(word)).length >= ENGLISH * words.length;
}
