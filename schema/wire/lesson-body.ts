/** Lessons as zod schemas: what may be asked, and, for documents and tests, what is answered. */
import * as z from "zod";
import { MAX_EVIDENCE, MAX_REF_CHARS } from "../event/limits.ts";
import { taskForecast } from "./forecast-body.ts";
import {
  LESSON_CATEGORIES,
  LESSON_SCOPES,
  LESSON_SOURCES,
  LESSON_STATUSES,
  type Lesson,
  type LessonAcceptedResponse,
  type LessonHit,
  type LessonResponse,
  type LessonSearchResponse,
  type LessonsPurgedResponse,
  type LessonsQuarantinedResponse,
  type LessonsReindexedResponse,
  type LessonsResponse,
  type LessonWeights,
} from "./lesson.ts";
import {
  MAX_CONTEXT_CHARS,
  MAX_EXPLANATION_CHARS,
  MAX_HEADLINE_CHARS,
  MAX_LESSON_TAG_CHARS,
  MAX_LESSON_TAGS,
  MAX_REASON_CHARS,
} from "./lesson-limits.ts";
import type { ContextDecision, ContextResponse, ContextSop } from "./task-context.ts";

const ref = (what: string) =>
  z
    .string({ error: `${what} is text.` })
    .trim()
    .min(1, `${what} must not be empty; leave it out.`)
    .max(MAX_REF_CHARS, `${what} has at most ${MAX_REF_CHARS} characters.`);
const words = (what: string, max: number) =>
  z
    .string({ error: `${what} is text.` })
    .trim()
    .min(1, `${what} must not be empty.`)
    .max(max, `${what} has at most ${max} characters. Say it shorter.`);
const reason = words("The reason", MAX_REASON_CHARS).optional();
const whose = {
  agent_id: ref("agent_id").optional(),
  task_id: ref("task_id").optional(),
  feature_id: ref("feature_id").optional(),
};
const category = z.enum(LESSON_CATEGORIES, {
  error: `The category is one of ${LESSON_CATEGORIES.join(", ")}.`,
});
const importance = z
  .number({ error: "The importance is a number from 1 to 10." })
  .min(1, "The importance is from 1 to 10.")
  .max(10, "The importance is from 1 to 10.");
const scope = z.enum(LESSON_SCOPES, { error: `The scope is ${LESSON_SCOPES.join(" or ")}.` });

export const newLessonRequest = z.strictObject({
  headline: words("The headline", MAX_HEADLINE_CHARS),
  explanation: words("The explanation", MAX_EXPLANATION_CHARS).optional(),
  context: words("The context", MAX_CONTEXT_CHARS).optional(),
  category: category.optional(),
  tags: z
    .array(words("A tag", MAX_LESSON_TAG_CHARS), { error: "tags is a list of texts." })
    .max(MAX_LESSON_TAGS)
    .optional(),
  importance: importance.optional(),
  scope: scope.optional(),
  evidence: z
    .array(z.int("Evidence is a list of sequence numbers.").min(1))
    .max(MAX_EVIDENCE, `At most ${MAX_EVIDENCE} events are kept as evidence.`)
    .optional(),
  ...whose,
});
export type NewLesson = z.infer<typeof newLessonRequest>;

export const lessonRating = z.strictObject({
  helpful: z.boolean({ error: "helpful is true or false." }),
  comment: words("The comment", MAX_REASON_CHARS).optional(),
  importance: importance.optional(),
  ...whose,
});
export type LessonRating = z.infer<typeof lessonRating>;

export const lessonApproval = z.strictObject({ scope: scope.optional(), reason });
export const lessonEnding = z.strictObject({ reason });
export const lessonsOfKey = z.strictObject({
  key: z
    .string({ error: "Name the key by its id: GET /api/keys lists them." })
    .regex(/^[a-z0-9]{1,64}$/, "That is no id of a key."),
  reason,
});

/** Of what needs nothing said. */
export const noBody = z.strictObject({});

const unit = z.number().min(0).max(1);
const count = z.int().min(0);
const seq = z.int().min(1);
const time = z.number();

export const lesson = z.object({
  id: z.string(),
  project: z.string(),
  category: z.enum(LESSON_CATEGORIES),
  headline: z.string(),
  explanation: z.string().nullable(),
  context: z.string().nullable(),
  tags: z.array(z.string()),
  importance: z.number().min(1).max(10),
  confidence: unit.nullable(),
  source_task: z.string().nullable(),
  source_feature: z.string().nullable(),
  evidence: z.array(seq),
  provenance: z.object({
    kind: z.enum(LESSON_SOURCES),
    by: z.string(),
    key_id: z.string().nullable(),
    seqs: z.array(seq),
  }),
  status: z.enum(LESSON_STATUSES),
  reason: z.string().nullable(),
  scope: z.enum(LESSON_SCOPES),
  wants_team: z.boolean(),
  flags: z.array(z.string()),
  ...{ helpful: count, harmful: count, applied: count, delivered: count, withheld: count, times: count },
  ...{ created_at: time, updated_at: time, used_at: time },
}) satisfies z.ZodType<Lesson>;

const weights = z.object({
  recency: unit,
  importance: unit,
  relevance: unit,
}) satisfies z.ZodType<LessonWeights>;

const lessonHit = z.object({
  rank: seq,
  score: unit,
  recency: unit,
  importance: unit,
  relevance: unit,
  cosine: z.number().nullable(),
  lexical: unit,
  terms: z.array(z.string()),
  tokens: count,
  why: z.string(),
  lesson,
}) satisfies z.ZodType<LessonHit>;

export const lessonResponse = z.object({ lesson }) satisfies z.ZodType<LessonResponse>;
export const lessonsResponse = z.object({
  lessons: z.array(lesson),
  next: z.string().nullable(),
}) satisfies z.ZodType<LessonsResponse>;
export const lessonSearchResponse = z.object({
  query: z.string(),
  weights,
  hits: z.array(lessonHit),
  left_out: z.object({ unrelated: count, alike: count, over_budget: count }),
  semantic: z.boolean(),
}) satisfies z.ZodType<LessonSearchResponse>;
export const lessonAccepted = z.object({
  id: z.string(),
  status: z.enum(LESSON_STATUSES),
  next: z.string().describe("What becomes of it, in words."),
}) satisfies z.ZodType<LessonAcceptedResponse>;
export const lessonsQuarantined = z.object({
  key: z.string(),
  lessons: z.array(z.string()),
}) satisfies z.ZodType<LessonsQuarantinedResponse>;
export const lessonsReindexed = z.object({ left: count }) satisfies z.ZodType<LessonsReindexedResponse>;
export const lessonsPurged = z.object({ key: z.string() }) satisfies z.ZodType<LessonsPurgedResponse>;

const contextDecision = z.object({
  seq,
  at: z.string(),
  agent_id: z.string(),
  task_id: z.string().nullable(),
  feature_id: z.string().nullable(),
  title: z.string().nullable(),
  rationale: z.string().nullable(),
}) satisfies z.ZodType<ContextDecision>;

const contextSop = z.object({
  id: z.string(),
  version: z.string().nullable(),
  title: z.string().nullable(),
  text: z.string(),
  seq: z.int(),
  at: z.string(),
}) satisfies z.ZodType<ContextSop>;

export const contextResponse = z.object({
  task: z
    .object({
      id: z.string(),
      title: z.string().nullable(),
      feature_id: z.string().nullable(),
      status: z.string(),
    })
    .nullable(),
  notice: z.string(),
  lessons: z.array(lessonHit),
  decisions: z.array(contextDecision),
  sops: z.array(contextSop),
  forecast: taskForecast.nullable(),
  text: z.string(),
}) satisfies z.ZodType<ContextResponse>;
