/** The shape of `GET /v1/agents/performance`, for the API's description and for tests. */
import * as z from "zod";
import { VERDICT_RULES } from "../metric/verdict.ts";
import { metricRow, measuredWindow } from "./metrics-body.ts";
import type { PerformanceResponse } from "./performance.ts";

const count = z.number().int().min(0);
const maybe = <S extends z.ZodType>(schema: S) => z.nullable(schema);

const metric = metricRow.omit({ group: true, series: true }).extend({
  peers: maybe(z.object({ q1: z.number(), median: z.number(), q3: z.number(), n: count })).describe(
    "quartiles of all who have a value; null below two",
  ),
});

export const performanceResponse = z.object({
  seq: count,
  by: z.enum(["agent", "role"]),
  window: measuredWindow,
  performances: z.array(
    z.object({
      id: maybe(z.string()).describe("the agent or role; null: what belongs to none"),
      role: maybe(z.string()),
      did: z.object({ tasks: count, reviews: count, checks: count, submissions: count, model_calls: count }),
      metrics: z.array(metric),
      verdict: z.object({ words: z.string(), rule: z.enum(VERDICT_RULES), reasons: z.array(z.string()) }),
      pip: maybe(
        z.object({
          metric: z.string(),
          value: maybe(z.number()),
          target: maybe(z.number()),
          gap: maybe(z.number()),
          since_ms: z.number(),
        }),
      ).describe(
        "Performance Improvement Plan required, as pip_opened and pip_closed say: three failed tasks in a row (metric failed_tasks, value: how many), or three whole days on end below a target that the project meets; null for a role",
      ),
    }),
  ),
  omitted_groups: count,
}) satisfies z.ZodType<PerformanceResponse>;
