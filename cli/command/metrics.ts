/** `clusterfork metrics`: how the work goes, in figures that say what they rest on. */
import { GROUPINGS, type Grouping } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { COST_METRICS, costLines } from "../print/cost-lines.ts";
import { metricTable } from "../print/metric-table.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { asking, metricIds, timeOf } from "./measured.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
const FLAG = { type: "boolean", default: false } as const;
/** As many characters of a line: a day by hours, and a row still fits a terminal. */
const TREND_POINTS = "24";

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
  const has_trend = !json && !plain && process.stdout.isTTY;
  const text = await ask("/v1/metrics", { ...time, ...asked, points: has_trend ? TREND_POINTS : undefined });
  if (json) {
    console.log(text);
    return 0;
  }
  console.log(metricTable(JSON.parse(text) as MetricsResponse, groups));
  return 0;
}

function groupingOf(text: string | undefined): Grouping | undefined {
  if (text === undefined) return undefined;
  const found = GROUPINGS.find((name) => name === text);
  if (found === undefined)
    throw new UserError(`--by takes one of ${GROUPINGS.join(", ")}, not "${text}".`, 2);
  return found;
}
