/** Parts of a lesson's sentences. Names, paths and comments come out of events: they stand between quotation marks (P2). */
import type { LessonCategory } from "../../../schema/wire/lesson.ts";
import { MAX_LESSON_TAG_CHARS } from "../../../schema/wire/lesson-limits.ts";
import { durationWords } from "../../insight/forecast/words.ts";
import { fileType } from "../analyse/case.ts";
import { PATTERN_RULES, type Pattern, type PatternKind } from "../analyse/pattern.ts";
import type { LessonContext } from "./draft.ts";

export interface Written {
  category: LessonCategory;
  headline: string;
  explanation: string;
  context: string;
  tags: string[];
  /** Weight of the kind, before cost and frequency, 1 to 10. */
  importance: number;
  confidence: number;
  subject: string;
}

export type Writer = (pattern: Pattern, context: LessonContext) => Written | null;

/** Characters of a title, and of a sentence, in a headline: the explanation has all of it. */
const MAX_TITLE_CHARS = 45;
export const MAX_CAUSE_CHARS = 100;
export const short = (fact: string | number | undefined, most = MAX_TITLE_CHARS): string => {
  const line = text(fact);
  if (line.length <= most) return line;
  const cut = line.slice(0, most - 1).toWellFormed();
  // At a word, where one ends in the second half.
  const space = cut.lastIndexOf(" ");
  return `${space > most / 2 ? cut.slice(0, space) : cut}…`;
};

/** Folders that most of the files lie in, two at most: where a lesson belongs. */
export function areas({ files }: LessonContext): string[] {
  const counted = new Map<string, number>();
  for (const path of files) {
    const parts = path.split("/").slice(0, -1).slice(0, 2);
    if (parts.length > 0) counted.set(parts.join("/"), (counted.get(parts.join("/")) ?? 0) + 1);
    const type = fileType(path);
    if (type !== null) counted.set(type, (counted.get(type) ?? 0) + 1);
  }
  return [...counted]
    .filter(([, count]) => count * 2 > files.length)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 2)
    .map(([area]) => tag(area));
}

export function areaWords(context: LessonContext): string {
  const [area] = areas(context);
  return area === undefined ? "" : ` in ${quoted(area)}`;
}

export const tagsOfPath = (path: string): string[] => {
  const type = fileType(path);
  return type === null ? [] : [tag(type)];
};

export const tag = (text: string): string =>
  text.toLowerCase().replace(/\s+/gu, "-").slice(0, MAX_LESSON_TAG_CHARS);

export const text = (fact: string | number | undefined): string => (fact === undefined ? "" : String(fact));
/** What is quoted cannot end its quotation. */
export const quoted = (fact: string | number | undefined): string => `“${text(fact).replace(/[“”]/gu, '"')}”`;
export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
export const times = (count: number): string =>
  count === 1 ? "Once" : `${count.toLocaleString("en")} times`;
export const agents = (count: string | number | undefined): string =>
  Number(count) > 1 ? `, ${String(count)} agents in all` : "";
export const rounded = (value: number): string => (Math.round(value * 10) / 10).toLocaleString("en");
export const percent = (share: string | number | undefined): string =>
  `${rounded(Number(share ?? 0) * 100)} %`;
export const ratio = ({ value, usual }: Pattern["effect"]): string =>
  usual === null || usual <= 0 ? "less" : percent(value / usual);

export function amount(value: number, unit: Pattern["effect"]["unit"]): string {
  if (unit === "ms") return durationWords(value);
  if (unit === "usd") return `$${value.toFixed(2)}`;
  return `${Math.round(value).toLocaleString("en")} ${unit}`;
}
export const measureWords = (measure: string | number | undefined): string =>
  measure === "work" ? "It was worked on for" : measure === "cost" ? "It cost" : "It used";

/** One less the rate at which the rule speaks of ordinary work, and less where a cause is only guessed. */
export const sure = (kind: PatternKind, guess = 1): number => (1 - PATTERN_RULES[kind].false_alarm) * guess;
