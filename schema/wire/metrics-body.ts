/** The shape of `GET /v1/metrics`, for the API's description and for tests. */
import * as z from "zod";
import { METRICS } from "../metric/definition.ts";
import { TARGET_ORIGINS } from "../metric/reference.ts";
import type { MetricsResponse } from "./metrics.ts";

const maybe = <S extends z.ZodType>(schema: S) => z.nullable(schema);
const time = z.number().describe("ms since 1970");
const value = maybe(z.number()).describe("null: unknown");

const spent = z.object({
  calls: z.number().min(0).describe("of shared ones in fractions"),
  known_calls: z.number().min(0).describe("whose cost is known: the others are without a price"),
  reported_usd: z.number().min(0),
  priced_usd: z.number().min(0),
  tokens: z.number().min(0),
});

export const metricRow = z.object({
  metric: z.string().describe(`one of ${METRICS.map(({ id }) => id).join(", ")}`),
  group: maybe(z.string()).describe(
    "of `by`; null: of those of whom it is not known, or no groups were asked for",
  ),
  value,
  n: z.number().min(0).describe("how many things it rests on"),
  excluded: z
    .number()
    .min(0)
    .describe("how many were left out, because something of them is missing or impossible"),
  target: maybe(
    z.object({
      bound: z.enum(["<", "<=", "=", ">=", ">"]),
      value: z.number(),
      origin: z
        .enum(TARGET_ORIGINS)
        .optional()
        .describe(
          "the metric's definition, what was usual before, the project's cap, or what was learned of like work",
        ),
      n: maybe(z.number().int().min(0)).optional().describe("tasks that it was learned from"),
    }),
  ),
  status: z.enum(["met", "missed", "unknown"]),
  previous: value,
  change: value,
  series: z
    .object({
      from: time,
      step_ms: z.number().describe("the last step ends with the window or now, and is shorter"),
      values: z.array(value),
      n: z.array(z.number().min(0)),
    })
    .optional()
    .describe("the window step by step, where `points` were asked for"),
  attributed: maybe(
    z.object({
      own: spent.describe("of calls that name the feature, or a task of it"),
      shared: spent.describe("of calls that name neither, by the tasks that their agent held then"),
      unassigned: spent
        .optional()
        .describe(
          "in the row of no feature: of calls whose agent held no task of one; `value` is before sharing",
        ),
    }),
  )
    .optional()
    .describe(
      "of cost, where features are told apart: `value` is its own alone. Own, shared and unassigned add up to the project's. null: `attribution` says why",
    ),
});

export const measuredWindow = z.object({ from: maybe(time), to: maybe(time), previous: maybe(time) });

export const metricsResponse = z.object({
  seq: z.number().int().min(0),
  source: z.enum(["live", "history"]),
  window: measuredWindow,
  rows: z.array(metricRow),
  omitted_groups: z.number().int().min(0),
  truncated_until: maybe(time).describe(
    "until then sums were put together, and what was asked for is no longer told apart in all of them: they are in the totals and in the group null; null: none of them is asked for",
  ),
  attribution: z
    .object({
      from: maybe(time).describe("calls before it that name no feature are not shared"),
      why: maybe(z.string()).describe("why not all are; null: all are that can be"),
    })
    .optional()
    .describe("where rows are attributed"),
}) satisfies z.ZodType<MetricsResponse>;
