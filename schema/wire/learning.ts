/** What a project decides about lessons: how they are ranked, how many are handed over, and how they are measured. */
import * as z from "zod";
import {
  MAX_LESSON_TOKENS,
  MAX_LESSONS_AT_ONCE,
  MAX_WITHHELD_SHARE,
  MIN_LESSON_TOKENS,
} from "./lesson-limits.ts";
import type { LessonWeights } from "./lesson.ts";

/**
 * Tasks of no feature that ended: so many are looked back on together, as they are as much work as a feature, and may teach
 * as many lessons.
 */
export const LOOSE_TASKS = 25;

export interface LearningSettings {
  weights: LessonWeights;
  /** 0–1: of what would be handed to a task, the share that is held back by chance, so that its effect can be told. */
  withheld_share: number;
  /** Lessons handed over at once, at most. */
  max_lessons: number;
  /** Their length together at most, in tokens. */
  max_tokens: number;
  /**
   * The installation's language model, where it has one, may word what reflections teach: the texts of those lessons,
   * with the names and comments that they quote, are sent to it. Said of one model at one place: of another it is asked again.
   */
  language_model: boolean;
  /**
   * Features that ended are looked back on. Else nothing is learned from them, and no lesson retires by what it does; what
   * agents and people teach is kept, and the report of a feature answers as before.
   */
  reflection: boolean;
}

/** A language model, and where it runs. */
export interface ModelInfo {
  name: string;
  host: string;
}

/** As it is kept: with the model that the yes was said to; null: to none. */
export interface StoredLearning extends LearningSettings {
  model_agreed: ModelInfo | null;
}

export const DEFAULT_LEARNING: LearningSettings = {
  weights: { recency: 0.25, importance: 0.35, relevance: 0.4 },
  withheld_share: 0.2,
  max_lessons: 5,
  max_tokens: 1_500,
  language_model: false,
  reflection: true,
};

const weight = z
  .number({ error: "A weight is a number from 0 to 1." })
  .min(0, "A weight is from 0 to 1.")
  .max(1, "A weight is from 0 to 1.");

export const learningSettings = z.strictObject({
  weights: z
    .strictObject({ recency: weight, importance: weight, relevance: weight })
    .refine(({ recency, importance, relevance }) => recency + importance + relevance > 0, {
      error: "One of the weights has to be above 0.",
    }),
  withheld_share: z
    .number({ error: `withheld_share is a number from 0 to ${MAX_WITHHELD_SHARE}.` })
    .min(0, `Less than nothing cannot be held back: withheld_share is from 0 to ${MAX_WITHHELD_SHARE}.`)
    .max(MAX_WITHHELD_SHARE, `At most ${MAX_WITHHELD_SHARE} is held back: more costs what lessons are for.`),
  max_lessons: z
    .int("max_lessons is a whole number.")
    .min(1, "At least one lesson is handed over at once; to hand over none, do not ask for them.")
    .max(
      MAX_LESSONS_AT_ONCE,
      `At most ${MAX_LESSONS_AT_ONCE} lessons are handed over at once: nobody reads more before the work.`,
    ),
  max_tokens: z
    .int("max_tokens is a whole number.")
    .min(MIN_LESSON_TOKENS, `Lessons need ${MIN_LESSON_TOKENS} tokens at least: the shortest is that long.`)
    .max(
      MAX_LESSON_TOKENS,
      `At most ${MAX_LESSON_TOKENS.toLocaleString("en")} tokens of lessons are handed over at once.`,
    ),
  language_model: z.boolean({ error: "language_model is true or false." }),
  reflection: z.boolean({ error: "reflection is true or false." }),
}) satisfies z.ZodType<LearningSettings>;

/** As it may be stored: what a setting did not know when it was saved has its default. */
export const storedLearning = learningSettings.extend({
  language_model: z.boolean().default(DEFAULT_LEARNING.language_model),
  reflection: z.boolean().default(DEFAULT_LEARNING.reflection),
  model_agreed: z.object({ name: z.string(), host: z.string() }).nullable().default(null),
}) satisfies z.ZodType<StoredLearning>;
