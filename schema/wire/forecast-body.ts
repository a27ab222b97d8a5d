/** The shapes of `GET /v1/forecast`, for the API's description and for tests. */
import * as z from "zod";
import type { FeatureForecast, ForecastOverview, TaskForecast } from "./forecast.ts";

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
  why,
};

export const featureForecast = z.object({
  ...finish,
  seq: count,
  critical_path: z.array(z.string()).describe("tasks, each after those it waits for"),
  tasks: z
    .array(z.object({ task_id: z.string(), p50_at: time, p80_at: time }))
    .describe("when its open tasks will be done, the earliest first, by the same futures"),
  cycles_broken: z.array(z.tuple([z.string(), z.string()])),
  beyond_sample: count,
  cost: z.object({ spent: amount, predicted: amount, why }).describe("US dollars"),
  late: maybe(z.object({ by: z.iso.datetime(), probability: maybe(share), word: z.string() })).describe(
    "against `by`",
  ),
}) satisfies z.ZodType<FeatureForecast>;

export const forecastOverview = z.object({
  seq: count,
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
