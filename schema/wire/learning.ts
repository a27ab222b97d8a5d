/** What a project decides about lessons: how they are ranked, how many are handed over, and how they are measured. */
import * as z from "zod";
import type { LessonWeights } from "./lesson.ts";

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
   * with the names and comments that they quote, are sent to it.
   */
  language_model: boolean;
}

export const DEFAULT_LEARNING: LearningSettings = {
  weights: { recency: 0.25, importance: 0.35, relevance: 0.4 },
  withheld_share: 0.2,
  max_lessons: 5,
  max_tokens: 1_500,
  language_model: false,
};

/** At most: a control group larger than half of all teaches nothing more and costs all that lessons are for. */
const MAX_WITHHELD = 0.5;
const MAX_LESSONS = 20;
/** What stands around a lesson when it is handed over, and a short sentence. */
const MIN_TOKENS = 50;
const MAX_TOKENS = 20_000;

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
    .number({ error: "withheld_share is a number from 0 to 0.5." })
    .min(0, "Less than nothing cannot be held back: withheld_share is from 0 to 0.5.")
    .max(MAX_WITHHELD, `At most ${MAX_WITHHELD} is held back: more costs what lessons are for.`),
  max_lessons: z
    .int("max_lessons is a whole number.")
    .min(1, "At least one lesson is handed over at once; to hand over none, do not ask for them.")
    .max(
      MAX_LESSONS,
      `At most ${MAX_LESSONS} lessons are handed over at once: nobody reads more before the work.`,
    ),
  max_tokens: z
    .int("max_tokens is a whole number.")
    .min(MIN_TOKENS, `Lessons need ${MIN_TOKENS} tokens at least: the shortest is that long.`)
    .max(MAX_TOKENS, `At most ${MAX_TOKENS.toLocaleString("en")} tokens of lessons are handed over at once.`),
  language_model: z.boolean({ error: "language_model is true or false." }),
}) satisfies z.ZodType<LearningSettings>;

/** As it may be stored: what a setting did not know when it was saved has its default. */
export const storedLearning = learningSettings.extend({
  language_model: z.boolean().default(DEFAULT_LEARNING.language_model),
});
