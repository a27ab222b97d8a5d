/** Lessons in the words of the page: how far each is trusted, who said it, and which of them are skills. */
import type {
  LessonSearchResponse,
  Lesson,
  LessonCategory,
  LessonScope,
  LessonSource,
  LessonStatus,
} from "../../../schema/wire/lesson.ts";
import type { EffectVerdict } from "../../../schema/wire/lesson-effect.ts";
import { counted, numberWord } from "#lib/headline/headline.ts";

export const STATUS_WORDS: Record<LessonStatus, string> = {
  active: "Given out",
  proposed: "Waits for approval",
  quarantined: "Quarantined",
  retired: "Retired",
};

export const CATEGORY_WORDS: Record<LessonCategory, string> = {
  architecture: "Architecture",
  pattern: "Pattern",
  pitfall: "Pitfall",
  optimization: "Optimization",
};

/** Who finds it. */
export const SCOPE_WORDS: Record<LessonScope, string> = { project: "This project", team: "The whole team" };

const SOURCE_WORDS: Record<LessonSource, string> = {
  reflection: "Clusterfork's reflection",
  person: "a person",
  key: "a sender",
};
export const sourceWords = ({ kind }: Lesson["provenance"]): string => SOURCE_WORDS[kind];

/** What the text shows, by the names of the book's rules. */
const FLAG_WORDS: Readonly<Record<string, string>> = {
  "overrides-instructions": "looks like an instruction to ignore others",
  "changes-role": "tells the reader to be somebody else",
  "speaks-as-system": "speaks as if it were the system",
  "demands-secrecy": "asks to keep something from people",
  "sends-data-out": "asks to send data away",
  "runs-commands": "holds a command that could harm",
  "weakens-safety": "asks to weaken a safeguard",
  "calls-tools": "asks to call a tool",
  "embeds-link": "embeds markup or a link",
  "hides-text": "hides text",
};
/** A rule that this page does not know still says its name. */
export const flagWords = (flag: string): string =>
  Object.hasOwn(FLAG_WORDS, flag) ? (FLAG_WORDS[flag] ?? flag) : `shows the pattern "${flag}"`;

/** `looks like an instruction …; waits for approval`. Null: it shows no pattern. */
export function flagSentence({ flags, status }: Pick<Lesson, "flags" | "status">): string | null {
  if (flags.length === 0) return null;
  const then = status === "active" ? "somebody approved it" : STATUS_WORDS[status].toLowerCase();
  return `Its text ${flags.map(flagWords).join(", ")}; ${then}.`;
}

/** `4 helpful, 1 harmful`; nobody's word is no word. */
export function judgedWords({ helpful, harmful }: Pick<Lesson, "helpful" | "harmful">): string {
  if (helpful + harmful === 0) return "not rated yet";
  return [helpful > 0 ? `${helpful} helpful` : "", harmful > 0 ? `${harmful} harmful` : ""]
    .filter((text) => text !== "")
    .join(", ");
}

/** `applied once`, `applied 3 times`. */
export const appliedWords = ({ applied }: Pick<Lesson, "applied">): string =>
  applied === 0 ? "never applied" : applied === 1 ? "applied once" : `applied ${counted(applied, "time")}`;

/** Where it went, in a sentence. */
export function wentSentence(lesson: Pick<Lesson, "applied" | "delivered" | "withheld">): string {
  const { delivered, withheld } = lesson;
  const applied = appliedWords(lesson);
  if (delivered + withheld === 0) return `It was handed to no task yet, and ${applied}.`;
  const back = withheld === 0 ? "" : `, held back from ${withheld} to measure it`;
  return `It was handed to ${counted(delivered, "task")}${back}, and ${applied}.`;
}

/** Learned once goes without saying. */
export const timesWords = ({ times }: Pick<Lesson, "times">): string | null =>
  times < 2 ? null : `learned ${counted(times, "time")}`;

/** Beyond them a list is no choice any more. */
const MAX_TAGS = 60;

/** Tags of lessons, the most frequent first. */
export function tagsOf(lessons: readonly Pick<Lesson, "tags">[]): string[] {
  const counts = new Map<string, number>();
  for (const tag of lessons.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, MAX_TAGS)
    .map(([tag]) => tag);
}

/** What its status rests on, and what it means for those who would be given it. */
export function statusSentence({
  status,
  reason,
  flags,
}: Pick<Lesson, "status" | "reason" | "flags">): string {
  const said = reason?.trim().replace(/\.$/, "") ?? "";
  const because = said === "" ? "nobody said why" : said;
  switch (status) {
    case "active":
      return "It is given out to tasks that it fits.";
    case "proposed":
      // Its flags are told in a sentence of their own.
      return `It is given to nobody until somebody approves it${flags.length > 0 || said === "" ? "" : `: ${because}`}.`;
    case "quarantined":
      return `It is given to nobody until somebody has looked at it: ${because}.`;
    case "retired":
      return `It is given to nobody any more: ${because}.`;
  }
}

const ORDER: Record<LessonStatus, number> = { active: 0, proposed: 1, quarantined: 2, retired: 3 };

/** What is given out first, then the most important, then what was of use last. */
export function orderLessons(lessons: readonly Lesson[]): Lesson[] {
  return lessons.toSorted(
    (a, b) =>
      ORDER[a.status] - ORDER[b.status] ||
      b.importance - a.importance ||
      b.used_at - a.used_at ||
      (a.id < b.id ? -1 : 1),
  );
}

/**
 * A way of working that was applied and helped: by those who applied it, or by what tasks with and without it show.
 * What shows harm is no skill, whatever is said of it.
 */
export function isSkill(lesson: Lesson, verdict: EffectVerdict | undefined): boolean {
  if (lesson.category !== "pattern" || lesson.applied === 0 || lesson.status === "quarantined") return false;
  if (verdict === "harms") return false;
  return verdict === "helps" || lesson.helpful > lesson.harmful;
}

/** Each event once, in the order of the log: what it rests on, and what says it. */
export function seqsOf({ evidence, provenance }: Pick<Lesson, "evidence" | "provenance">): {
  evidence: number[];
  said: number[];
} {
  const rests = new Set(evidence);
  const sorted = (seqs: readonly number[]) => [...new Set(seqs)].toSorted((a, b) => a - b);
  return { evidence: sorted(evidence), said: sorted(provenance.seqs.filter((seq) => !rests.has(seq))) };
}

/** What a search found and did not give, and why; null: nothing. */
export function leftOutSentence({
  unrelated,
  alike,
  over_budget,
}: LessonSearchResponse["left_out"]): string | null {
  const parts = [
    unrelated === 0 ? "" : `${numberWord(unrelated)} too far from the question`,
    alike === 0 ? "" : `${numberWord(alike)} like one above`,
    over_budget === 0 ? "" : `${numberWord(over_budget)} too long to be handed over with the others`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : `Left out: ${parts.join(", ")}.`;
}
