/** The shapes of `GET /v1/forecast`, for the API's description and for tests. */
import * as z from "zod";
import { FEATURE_STATUSES } from "../state/entity/feature.ts";
import {
  FORETOLD_KINDS,
  LATE_WORDS,
  type CalibrationResponse,
  type FeatureForecast,
  type ForecastOverview,
  type SprintForecast,
  type TaskForecast,
} from "./forecast.ts";

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const maybe = <S extends z.ZodType>(schema: S) => z.nullable(schema);
const amount = maybe(z.number().min(0));
const why = maybe(z.string()).describe("why something of it is unknown");
const time = maybe(z.iso.datetime());

export const taskForecast = z.object({
  seq: count,
  task_id: z.string(),
  words: z.string(),
  measures: z.array(
    z.object({
      metric: z.enum(["work", "tokens", "cost"]),
      unit: z.enum(["ms", "tokens", "usd"]),
      predicted: amount.describe("of the whole task, not of what is left of it"),
      low: amount,
      high: amount,
      coverage: maybe(share).describe("the share of truths that low to high is to hold"),
      samples: count,
      method: maybe(z.enum(["median", "neighbours"])),
      why,
    }),
  ),
  breach: z
    .object({ probability: maybe(share), target: amount, samples: count, why })
    .describe("that it will work longer than its target, in ms"),
  changes_requested: z.object({
    probability: maybe(share),
    reasons: z.array(z.string()),
    samples: count.describe("verdicts"),
    why,
  }),
}) satisfies z.ZodType<TaskForecast>;

const finish = {
  feature_id: z.string(),
  title: maybe(z.string()),
  open_tasks: count,
  p50_at: time,
  p80_at: time,
  words: z.string(),
  samples: count,
  calibrated_by: count.describe("earlier features that corrected it; 0: not calibrated"),
  beyond_sample: count.describe("open tasks of it that have lasted longer than any known one"),
  why,
};

export const featureForecast = z.object({
  ...finish,
  seq: count,
  status: z.enum(FEATURE_STATUSES),
  closed_at: time.describe("nothing of a closed one is foretold: its report tells how it went"),
  critical_path: z.array(z.string()).describe("tasks, each after those it waits for"),
  tasks: z
    .array(z.object({ task_id: z.string(), p50_at: time, p80_at: time }))
    .describe("when its open tasks will be done, the earliest first, by the same futures"),
  cycles_broken: z.array(z.tuple([z.string(), z.string()])),
  cost: z
    .object({
      spent: amount.describe("on calls whose price is known"),
      unpriced_calls: count.describe("further calls, of unknown price"),
      predicted: amount.describe("in all"),
      why,
    })
    .describe("US dollars"),
  late: maybe(z.object({ by: z.iso.datetime(), probability: maybe(share), word: z.string() })).describe(
    "against `by`",
  ),
}) satisfies z.ZodType<FeatureForecast>;

const late = z
  .object({ probability: maybe(share), word: z.enum(LATE_WORDS) })
  .describe("that it ends after the sprint's end: from 10 % low, from 20 % medium, from 50 % high");

const sprint = z.object({
  sprint_id: z.string(),
  title: maybe(z.string()),
  goal: maybe(z.string()),
  started_at: z.iso.datetime(),
  ends_at: time,
  p50_at: time.describe("of all of it"),
  p80_at: time,
  late,
  words: z.string(),
  why,
  features: z
    .array(z.object({ ...finish, status: maybe(z.enum(FEATURE_STATUSES)), closed_at: time, late }))
    .describe("those that it names, else the open ones"),
  omitted_features: count,
}) satisfies z.ZodType<SprintForecast>;

export const forecastOverview = z.object({
  seq: count,
  sprint: maybe(sprint).describe("the current one"),
  calibration: z.array(
    z.object({
      metric: z.string(),
      scored: count,
      with_interval: count,
      inside: count,
      coverage_asked: maybe(share),
      coverage_seen: maybe(share),
      bias: maybe(z.number()).describe("median of ln(actual / predicted)"),
    }),
  ),
  features: z.array(z.object(finish)),
  omitted_features: count,
}) satisfies z.ZodType<ForecastOverview>;

export const forecastResponse = z.union([taskForecast, featureForecast, forecastOverview]);

const held = maybe(share);

export const calibrationResponse = z.object({
  seq: count,
  kinds: z.array(
    z.object({
      kind: z.enum(FORETOLD_KINDS),
      unit: z.enum(["ms", "tokens", "usd", "probability"]),
      n: count.describe("scored forecasts that the figures rest on, the newest"),
      asked: held.describe("the share of truths that the interval is to hold; of a finish up to its P80"),
      covered: held,
      interval: maybe(z.object({ low: share, high: share })).describe("of covered: Wilson's, 95 %"),
      brier: held.describe("of probabilities"),
      brier_base: held.describe("of always saying how often it came"),
      bias: maybe(z.number()).describe("median of ln(actual / predicted)"),
      bins: z.array(z.object({ predicted: z.number(), actual: z.number(), n: count })),
      recent: z
        .array(
          z.object({
            task_id: maybe(z.string()),
            feature_id: maybe(z.string()),
            predicted: z.number(),
            low: maybe(z.number()),
            high: maybe(z.number()),
            actual: z.number(),
            scored_at: time,
          }),
        )
        .describe("the newest first"),
    }),
  ),
}) satisfies z.ZodType<CalibrationResponse>;
