/** What people type about lessons, as settings; and what is set, in words. Bounds are the server's to check. */
import {
  MAX_LESSON_TOKENS,
  MAX_LESSONS_AT_ONCE,
  MAX_WITHHELD_SHARE,
  MIN_LESSON_TOKENS,
} from "../../../schema/wire/lesson-limits.ts";
import type { SettingsResponse } from "../../../schema/wire/setting.ts";
import type { LearningSettings } from "../../../schema/wire/learning.ts";

export const LEARNING_FIELDS = [
  "withheld_percent",
  "recency",
  "importance",
  "relevance",
  "max_lessons",
  "max_tokens",
] as const;
export type LearningField = (typeof LEARNING_FIELDS)[number];
export type LearningText = Record<LearningField, string>;
/** What is set here of them. */
export type Handing = Pick<LearningSettings, "weights" | "withheld_share" | "max_lessons" | "max_tokens">;
export type LearningErrors = Partial<Record<LearningField, string>>;

export function textOf({ weights, withheld_share, max_lessons, max_tokens }: Handing): LearningText {
  return {
    withheld_percent: numberText(withheld_share * 100),
    recency: numberText(weights.recency),
    importance: numberText(weights.importance),
    relevance: numberText(weights.relevance),
    max_lessons: String(max_lessons),
    max_tokens: String(max_tokens),
  };
}

/** 0.2 × 100 and its like, as people write them. */
const numberText = (value: number): string => String(Number(value.toFixed(4)));

const EXPECTED: Record<LearningField, string> = {
  withheld_percent: `A number from 0 to ${MAX_WITHHELD_SHARE * 100} is expected.`,
  recency: "A number from 0 to 1 is expected.",
  importance: "A number from 0 to 1 is expected.",
  relevance: "A number from 0 to 1 is expected.",
  max_lessons: `A whole number from 1 to ${MAX_LESSONS_AT_ONCE} is expected.`,
  max_tokens: `A whole number from ${MIN_LESSON_TOKENS} to ${MAX_LESSON_TOKENS.toLocaleString("en")} is expected.`,
};

export function readLearning(
  text: LearningText,
): { ok: true; value: Handing } | { ok: false; errors: LearningErrors } {
  const read = (field: LearningField): number => (text[field].trim() === "" ? NaN : Number(text[field]));
  const errors: LearningErrors = {};
  for (const field of LEARNING_FIELDS) if (!Number.isFinite(read(field))) errors[field] = EXPECTED[field];
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return {
    ok: true,
    value: {
      weights: { recency: read("recency"), importance: read("importance"), relevance: read("relevance") },
      // 30 % is 0.3, not 0.30000000000000004.
      withheld_share: Number((read("withheld_percent") / 100).toFixed(6)),
      max_lessons: read("max_lessons"),
      max_tokens: read("max_tokens"),
    },
  };
}

/** The server's words, each beside its field. What it says of the weights together stands by the last of them. */
export function errorsOf(fields: Readonly<Record<string, string>>): LearningErrors {
  const errors: LearningErrors = {};
  for (const [path, message] of Object.entries(fields)) {
    const name = path.slice(path.lastIndexOf(".") + 1);
    const field =
      name === "withheld_share"
        ? "withheld_percent"
        : name === "weights"
          ? "relevance"
          : LEARNING_FIELDS.find((known) => known === name);
    if (field !== undefined) errors[field] = message;
  }
  return errors;
}

/** Who is handed lessons, and what is held back: from tasks alone, for a session has no end to compare. */
export function learningSentence(
  delivers: boolean,
  { withheld_share }: Pick<Handing, "withheld_share">,
): string {
  const who = delivers
    ? "Claude Code, and agents that ask, are handed lessons"
    : "Agents that ask are handed lessons";
  return withheld_share === 0
    ? `${who}; none is held back, so what they do is not measured.`
    : `${who}; ${numberText(withheld_share * 100)} % is held back from tasks to measure what they do.`;
}

/** What leaves the installation where the project wants it, and where to; or that nothing can. */
export function modelSentence(model: SettingsResponse["settings"]["model"]): string {
  if (model === null)
    return "This installation has none, so Clusterfork words them itself. Whoever runs it can name one (MODEL_URL, MODEL_NAME).";
  const { asked_again } = model;
  return `${asked_again === null ? "" : `${asked_again} `}The texts of what it learns from a feature, with the names and comments that they quote, are sent to ${model.name} on ${model.host}. Otherwise Clusterfork words them itself.`;
}

/** What each part counts of a score: `25 %`; null where they add up to nothing. */
export function sharesOf(text: LearningText): Record<"recency" | "importance" | "relevance", string> | null {
  const [recency, importance, relevance] = [text.recency, text.importance, text.relevance].map(Number);
  if (recency === undefined || importance === undefined || relevance === undefined) return null;
  const whole = recency + importance + relevance;
  if (!(whole > 0) || [recency, importance, relevance].some((part) => !(part >= 0))) return null;
  const share = (part: number) => `${((part / whole) * 100).toFixed(0)} %`;
  return { recency: share(recency), importance: share(importance), relevance: share(relevance) };
}
