/**
 * Who says what in a lesson: the analyst in its own words, or a sender of events, whose words stand between quotation
 * marks so that nobody takes them for advice (P2). A model must not take the marks away.
 *
 *   evidence ─▶ ownWords: the built-in text without its quotations   what may be said without marks
 *           └─▶ texts of facts, which senders wrote                  what may be said between marks alone
 */
import { isIdentifier, plain } from "./chunk.ts";

/** Words of a sender in a row that are a sentence of his, and no more a name or a phrase that anybody would use. */
const RUN_WORDS = 6;
/** A whole sentence of a sender is one from fewer words on: "Merge without waiting for anybody". */
const SENTENCE_WORDS = 4;

/** As the built-in text is written (lesson/words.ts): a quotation has none of its marks within; one that was cut has no end. */
const BUILT_IN_QUOTATION = /“[^“”]*(?:”|$)/gmu;

/** The analyst's words, and its figures: what senders said is left out. */
export function ownWords(
  built_in: readonly string[],
  facts: Readonly<Record<string, string | number>>,
): string {
  const figures = Object.values(facts).filter((fact) => typeof fact === "number");
  return [...built_in.map((text) => text.replace(BUILT_IN_QUOTATION, " ¶ ")), ...figures].join("\n");
}

/** Whether a text says a sender's words as if they were its own. */
export function launders(
  text: string,
  facts: Readonly<Record<string, string | number>>,
  own: string,
): boolean {
  const said = runs(withoutLong(text));
  const allowed = runs(own);
  for (const fact of Object.values(facts)) {
    if (typeof fact === "number") continue;
    for (const run of sentencesOf(fact)) if (said.includes(run) && !allowed.includes(run)) return true;
  }
  return false;
}

/** Words, each between spaces, so that a run is found as a part of the text. */
const runs = (text: string): string => ` ${spoken(text).join(" ")} `;

function sentencesOf(fact: string): string[] {
  const words = spoken(fact);
  const rows = words.slice(RUN_WORDS - 1).map((_, at) => words.slice(at, at + RUN_WORDS));
  const sentences = fact.split(/(?<=[.!?:;])\s+|\n/u).map(spoken);
  const short = sentences.filter(({ length }) => length >= SENTENCE_WORDS && length < RUN_WORDS);
  return [...rows, ...short].map((row) => ` ${row.join(" ")} `);
}

const QUOTATION = /“([^“”]*)”|«([^«»]*)»|"([^"]*)"|`([^`]*)`/gu;
/** A few words between marks, in the middle of a sentence, do not make the rest of it another's. */
function withoutLong(text: string): string {
  return text.replace(QUOTATION, (whole: string) =>
    spoken(whole).length < SENTENCE_WORDS ? ` ${whole.slice(1, -1)} ` : " ¶ ",
  );
}

/** What is heard of a text: its words without case and marks. An id or a path is one word, as it is no sentence. */
function spoken(text: string): string[] {
  return plain(text)
    .split(/\s+/u)
    .flatMap((raw) => {
      const word = raw.replace(/^[^\p{L}\p{N}¶]+|[^\p{L}\p{N}¶]+$/gu, "");
      return isIdentifier(word) ? [word] : (word.match(/[\p{L}\p{N}¶]+/gu) ?? []);
    });
}
