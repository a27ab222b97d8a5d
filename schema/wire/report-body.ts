/** The shape of `GET /v1/features/:id/report`, for the API's description and for tests. */
import * as z from "zod";
import { GRADE_PARTS, LETTERS } from "../metric/grade.ts";
import { UNITS } from "../metric/metric.ts";
import { FEATURE_STATUSES } from "../state/entity/feature.ts";
import { TASK_STATUSES } from "../state/entity/task.ts";
import { metricRow } from "./metrics-body.ts";
import { REPORT_PHASES, type FeatureReport } from "./report.ts";

const count = z.number().int().min(0);
const maybe = <S extends z.ZodType>(schema: S) => z.nullable(schema);
const amount = maybe(z.number().min(0));
const time = maybe(z.number()).describe("ms since 1970");
const text = maybe(z.string());
const why = text.describe("why it is unknown; null: it is known");
const score = maybe(z.number().min(0).max(100));

const figure = {
  value: amount,
  why,
  reference: maybe(
    z.object({
      basis: z.enum(["forecast", "similar"]),
      p50: z.number().min(0),
      p80: amount,
      actual: z
        .number()
        .min(0)
        .describe("what is held against it: the figure, or the part that was foretold"),
      n: count,
      words: z.string(),
    }),
  ).describe("what was foretold, or what like work took before"),
};

const task = z.object({
  id: z.string(),
  title: text,
  status: z.enum(TASK_STATUSES),
  kind: text,
  agent: text,
  role: text,
  model: text,
  created_at: time,
  closed_at: time,
  waiting_ms: amount.describe("for somebody, or blocked"),
  working_ms: amount,
  review_ms: amount.describe("for its reviewer"),
  phases: z.array(z.object({ phase: z.enum(REPORT_PHASES), from: z.number(), to: time })),
  tokens: amount,
  cost_usd: amount.describe("what is known of it"),
  unpriced_calls: count,
  cycles: count.describe("times that a reviewer sent it back"),
  attempts: count,
  approved: z.boolean(),
  tests_passed: z.number().min(0),
  tests_failed: z.number().min(0),
  last_test: maybe(z.enum(["passed", "failed"])),
  partial: z.boolean().describe("known only from events that mention it"),
});

const saving = z.object({ tokens: amount, usd: amount, ms: amount });

export const featureReport = z.object({
  seq: count,
  at: z.number().describe("the feature's end; while it is open, now; ms since 1970"),
  feature: z.object({
    id: z.string(),
    title: text,
    status: z.enum(FEATURE_STATUSES),
    kind: text,
    requested_by: text,
    created_at: time,
    started_at: time,
    closed_at: time,
    partial: z.boolean(),
  }),
  hides_cost: z.boolean().describe("a share link that shows neither tokens nor money"),
  grade: z.object({
    letter: maybe(z.enum(LETTERS)),
    score,
    parts: z.array(z.object({ part: z.enum(GRADE_PARTS), weight: z.number(), score, words: z.string() })),
    words: z.string().describe("the sum as it is made, or why there is no grade"),
  }),
  overview: z.object({
    duration: z.object(figure),
    cost: z.object({
      ...figure,
      reported_usd: amount,
      priced_usd: amount,
      calls: count,
      unpriced_calls: count.describe("calls that `value` lacks"),
    }),
    tokens: z.object({
      ...figure,
      input_tokens: amount,
      cache_read_tokens: amount,
      cache_write_tokens: amount,
      output_tokens: amount,
    }),
  }),
  tasks: z.array(task).describe("in the order in which they began"),
  omitted_tasks: count,
  totals: z.object({
    tasks: count,
    finished: count,
    failed: count,
    open: count,
    cycles: count,
    waiting_ms: amount,
    working_ms: amount,
    review_ms: amount,
    parallel: amount.describe("working time over the feature's own"),
    files: amount,
    files_at_least: z.boolean(),
    tests_passed: amount,
    tests_failed: amount,
  }),
  quality: z.array(
    metricRow.pick({ value: true, n: true, excluded: true, target: true, status: true }).extend({
      id: z.string(),
      label: z.string(),
      unit: z.enum(UNITS),
      is_share: z.boolean().describe("of a ratio: whether it is read in percent"),
      counted: text,
      why,
    }),
  ),
  bugs: z
    .object({
      kind: z.enum(["estimate", "seen", "unknown"]),
      probability: maybe(z.number().min(0).max(1)),
      interval: maybe(z.object({ low: z.number(), high: z.number() })).describe("Wilson's, 95 %"),
      merged: count,
      escaped: count,
      words: z.string(),
    })
    .describe("within seven days of the merge"),
  insights: z.array(
    z.object({
      rule: z.string(),
      tone: z.enum(["better", "worse", "neutral"]),
      words: z.string(),
      tasks: z.array(z.string()),
    }),
  ),
  recommendations: z.array(
    z.object({ rule: z.string(), words: z.string(), saving, tasks: z.array(z.string()) }),
  ),
  lessons: z.array(
    z.object({
      seq: count,
      lesson_id: z.string(),
      category: text,
      headline: text,
      by: z.string(),
      at: z.number(),
    }),
  ),
  lessons_why: text.describe("why some may be missing"),
}) satisfies z.ZodType<FeatureReport>;
