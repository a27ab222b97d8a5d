/** `clusterfork metrics`: how the work goes, in figures that say what they rest on. */
import { GROUPINGS, type Grouping } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { COST_METRICS, costLines } from "../print/cost-lines.ts";
import { metricTable, type Trend } from "../print/metric-table.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { asking, metricIds, timeOf, type Ask, type Parameters } from "./measured.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean", default: false } as const;
/** Of the last 24 hours: 2 hours each, a request each. */
const TREND_STEPS = 12;
const TREND_STEP_MS = 7_200_000;

export async function metrics(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("metrics", args, {
    ...CONNECTION_OPTIONS,
    ...{ window: TEXT, from: TEXT, to: TEXT, by: TEXT, source: TEXT },
    ...{ feature: TEXT, role: TEXT, agent: TEXT, model: TEXT, kind: TEXT, complexity: TEXT },
    metric: { type: "string", multiple: true },
    ...{ "no-sparkline": FLAG, json: FLAG },
  });
  if (positionals.length > 0)
    throw new UserError(
      `metrics takes options only; "${positionals[0]}" is too much. One metric is --metric ${positionals[0]}.`,
      2,
    );
  const {
    url,
    key,
    json,
    "no-sparkline": plain,
    metric = [],
    window,
    from,
    to,
    by,
    source,
    ...filter
  } = values;
  const ask = asking({ url, key });
  const now_ms = Date.now();
  const time = { window, from: timeOf(from, now_ms), to: timeOf(to, now_ms), source };
  const ids = metricIds(metric);
  const groups = groupingOf(by);

  if (ids.length === 1 && ids[0] === "cost") {
    const split = groups ?? "role";
    // What a feature cost is all that it cost; who means less of it gives the time.
    const whole = window === undefined && from === undefined && to === undefined ? { window: "all" } : {};
    const asked = { ...time, ...whole, ...filter, by: split, metric: COST_METRICS.join(",") };
    const text = await ask("/v1/metrics", asked);
    console.log(json ? text : costLines(JSON.parse(text) as MetricsResponse, split));
    return 0;
  }
  const asked = { ...filter, by: groups, metric: ids.length === 0 ? undefined : ids.join(",") };
  const text = await ask("/v1/metrics", { ...time, ...asked });
  if (json) {
    console.log(text);
    return 0;
  }
  const has_trend = !plain && process.stdout.isTTY && from === undefined && to === undefined;
  const trend = has_trend ? await readTrend(ask, { ...asked, source }, now_ms) : undefined;
  console.log(metricTable(JSON.parse(text) as MetricsResponse, groups, trend));
  return 0;
}

function groupingOf(text: string | undefined): Grouping | undefined {
  if (text === undefined) return undefined;
  const found = GROUPINGS.find((name) => name === text);
  if (found === undefined)
    throw new UserError(`--by takes one of ${GROUPINGS.join(", ")}, not "${text}".`, 2);
  return found;
}

/** Steps begin where the whole day's begin, 24 hours before now. */
export async function readTrend(ask: Ask, asked: Parameters, now_ms: number): Promise<Trend> {
  const begin_ms = now_ms - TREND_STEPS * TREND_STEP_MS;
  const steps = await Promise.all(
    Array.from({ length: TREND_STEPS }, async (_, i) => {
      const from_ms = begin_ms + i * TREND_STEP_MS;
      const time = { from: String(from_ms), to: String(from_ms + TREND_STEP_MS) };
      const { rows } = JSON.parse(await ask("/v1/metrics", { ...asked, ...time })) as MetricsResponse;
      return rows;
    }),
  );
  return ({ metric, group }) =>
    steps.map((rows) => rows.find((row) => row.metric === metric && row.group === group)?.value ?? null);
}
