/** The effects of lessons as a zod schema: for documents and tests. */
import * as z from "zod";
import { EFFECT_MEASURES, EFFECT_VERDICTS, type LessonEffectsResponse } from "./lesson-effect.ts";

const count = z.int().min(0);
const lift = z.object({
  measure: z.enum(EFFECT_MEASURES),
  handed: count,
  withheld: count,
  estimate: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
const effect = z.object({
  tasks: count,
  delivered: count,
  searched: count,
  waiting: count,
  verdict: z.enum(EFFECT_VERDICTS),
  lifts: z.object({ success: lift, cycles: lift, tokens: lift, work: lift }),
});

export const lessonEffectsResponse = z.object({
  overall: effect,
  lessons: z.array(effect.extend({ lesson_id: z.string() })),
  excluded: count,
  waiting: count,
  is_full: z.boolean(),
}) satisfies z.ZodType<LessonEffectsResponse>;
