/** What the route table does not say of the metrics. */
import * as z from "zod";
import { COMPLEXITIES } from "../../../schema/metric/complexity.ts";
import { METRICS } from "../../../schema/metric/definition.ts";
import { GROUPINGS } from "../../../schema/metric/measure.ts";
import { MAX_POINTS, MIN_POINTS } from "../../../schema/metric/series.ts";
import { WINDOWS } from "../../../schema/metric/window.ts";
import { metricsResponse } from "../../../schema/wire/metrics-body.ts";
import { performanceResponse } from "../../../schema/wire/performance-body.ts";
import type { Description } from "./routes.ts";

const text = z.string().min(1).max(256);
const moment = text.describe("RFC 3339, or ms since 1970; begins with the slot of time that holds it.");

export const PERFORMANCE_ROUTE: Description = {
  summary:
    "How each agent, or each role, works: nine metrics beside the quartiles of its peers, what it did, a verdict in words with its rule and reasons, and whether a Performance Improvement Plan is due.",
  query: {
    window: z.enum(WINDOWS).describe("Before now; 24h unless said otherwise."),
    by: z.enum(["agent", "role"]).describe("agent unless said otherwise."),
    role: text.describe("Only what this role did."),
  },
  reply: { status: 200, body: performanceResponse },
};

export const METRICS_ROUTE: Description = {
  summary:
    "The metrics of a window, by group: value, sample, target, status, and the window before. Cost that is asked for by name, by feature or of one, is also attributed: its own, and its share of calls that name no feature. With `Accept: text/plain` what the log counts, as Prometheus reads it; with an `admin` key also what the room itself counts.",
  query: {
    window: z.enum(WINDOWS).describe("Before now; 24h unless said otherwise. Not together with from and to."),
    from: moment,
    to: moment,
    by: z.enum(GROUPINGS).describe("Rows for each; kind is the sender's type of task."),
    feature: text,
    role: text,
    agent: text,
    model: text,
    kind: text,
    complexity: z.enum(COMPLEXITIES).describe("By files touched: fewer than 5, 5 to 20, more than 20."),
    source: z
      .enum(["live", "history"])
      .describe("The room's live state and tally, or the archive: hours for all time, some seconds behind."),
    metric: z
      .string()
      .describe(`One of these, or several joined by commas: ${METRICS.map(({ id }) => id).join(", ")}.`),
    points: z
      .int()
      .min(MIN_POINTS)
      .max(MAX_POINTS)
      .describe(
        "Adds a series to each row: the window in about so many steps. Fewer where nothing finer than a slot of time is known, one more where the window begins within a slot.",
      ),
  },
  reply: {
    status: 200,
    body: metricsResponse,
    also: { "text/plain": "Prometheus's text exposition, version 0.0.4." },
  },
};
