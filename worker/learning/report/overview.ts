/**
 * Duration, cost and tokens, each with what it is held against: what was foretold as work began, else what like
 * features took before. A cost says what of it was reported and priced, and how many calls lack a price (M2).
 */
import { tokensOf } from "../../../schema/metric/fact.ts";
import { featureBegan } from "../../../schema/state/beginning.ts";
import type { Foretold } from "../../../schema/state/entity/forecast.ts";
import type { Usage } from "../../../schema/state/entity/usage.ts";
import type { FeatureReport, ReportReference } from "../../../schema/wire/report.ts";
import { measured, recordOfFeature, type Measure, type WorkRecord } from "../../insight/work/record.ts";
import { endOf, type Known } from "./known.ts";
import { Peers } from "./peers.ts";
import { counted } from "./words.ts";

const HIDDEN = "This link does not show costs.";
const NO_CALL = "No model call of it was reported.";

/** What is known of calls: null where there was none, or a view hides it. */
export function spentOf(
  usage: Usage,
  hides_cost: boolean,
): { tokens: number | null; cost_usd: number | null; unpriced_calls: number } {
  const priced = usage.reported_calls + usage.priced_calls;
  if (hides_cost) return { tokens: null, cost_usd: null, unpriced_calls: 0 };
  return {
    tokens: usage.calls === 0 ? null : tokensOf(usage),
    cost_usd: priced === 0 ? null : usage.reported_usd + usage.priced_usd,
    unpriced_calls: usage.calls - priced,
  };
}

export function overviewOf(known: Known): FeatureReport["overview"] {
  const { feature, hides_cost } = known;
  const { usage } = feature;
  const began_at = featureBegan(feature, known.tasks);
  const shown = (value: number): number | null => (hides_cost || usage.calls === 0 ? null : value);
  const why = hides_cost ? HIDDEN : usage.calls === 0 ? NO_CALL : null;
  const spent = spentOf(usage, hides_cost);
  const took_ms = began_at === null ? null : Math.max(0, endOf(known) - began_at);
  const like = likeFeatures(known);
  return {
    duration: {
      value: took_ms,
      why: took_ms === null ? "Nobody saw work on it begin." : null,
      reference: durationForetold(known) ?? like("work", took_ms),
    },
    cost: {
      value: spent.cost_usd,
      why: why ?? (spent.cost_usd === null ? "The price of no call is known." : null),
      // Part of a cost compares with nothing.
      reference: costForetold(known) ?? like("cost", spent.unpriced_calls > 0 ? null : spent.cost_usd),
      reported_usd: shown(usage.reported_usd),
      priced_usd: shown(usage.priced_usd),
      calls: usage.calls,
      unpriced_calls: spent.unpriced_calls,
    },
    tokens: {
      value: spent.tokens,
      why,
      reference: tokensForetold(known) ?? like("tokens", spent.tokens),
      input_tokens: shown(usage.input_tokens),
      cache_read_tokens: shown(usage.cache_read_tokens),
      cache_write_tokens: shown(usage.cache_write_tokens),
      output_tokens: shown(usage.output_tokens),
    },
  };
}

/** Said once as work on it began; P50 and P80 from then on. */
function durationForetold({ forecasts, feature, now_ms }: Known): ReportReference | null {
  const said = newest(forecasts, ({ metric, feature_id, task_id }) => {
    return metric === "finish" && feature_id === feature.id && task_id === null;
  });
  if (said === undefined || said.predicted === null || said.made_at === null) return null;
  const actual = said.actual ?? (feature.closed_at ?? now_ms) - said.made_at;
  if (!(said.predicted > 0) || !(actual > 0)) return null;
  const words = `what was foretold as work began${said.samples === null ? "" : `, from ${counted(said.samples, "finished task")}`}`;
  return { basis: "forecast", p50: said.predicted, p80: said.high, actual, n: 1, words };
}

const costForetold = (known: Known) => sumForetold(known, "cost");
const tokensForetold = (known: Known) => sumForetold(known, "tokens");

/** Of each task that began: the sum of what was said against the sum of what came, of those of which both are known. */
function sumForetold(
  { forecasts, feature, tasks, hides_cost }: Known,
  metric: string,
): ReportReference | null {
  if (hides_cost || feature.closed_at === null) return null;
  const own = new Set(tasks.map(({ id }) => id));
  const said = forecasts.flatMap(({ metric: of, task_id, predicted, actual }) =>
    of === metric && task_id !== null && own.has(task_id) && predicted !== null && actual !== null
      ? [{ predicted, actual }]
      : [],
  );
  const called = tasks.filter(({ usage }) => usage.calls > 0).length;
  // A few of many tasks stand for no feature.
  if (said.length === 0 || said.length * 2 < called) return null;
  const p50 = said.reduce((sum, { predicted }) => sum + predicted, 0);
  const actual = said.reduce((sum, { actual: came }) => sum + came, 0);
  if (!(p50 > 0) || !(actual > 0)) return null;
  const words = `what was foretold of ${said.length === called ? "" : `${said.length} of `}${counted(called, "task")} as they began`;
  return { basis: "forecast", p50, p80: null, actual, n: said.length, words };
}

function likeFeatures(known: Known) {
  const tasks = Map.groupBy([...known.other_tasks, ...known.tasks], ({ feature_id }) => feature_id);
  const recordOf = (feature: Known["feature"]): WorkRecord => {
    const its = tasks.get(feature.id) ?? [];
    const files = new Set(its.flatMap((task) => task.files));
    return { ...recordOfFeature(feature, [...files]), started_at: featureBegan(feature, its) };
  };
  const end_ms = endOf(known);
  const before = known.features.filter(
    ({ id, closed_at }) => id !== known.feature.id && closed_at !== null && closed_at <= end_ms,
  );
  const own = recordOf(known.feature);
  const peers = new Peers(before.map(recordOf));
  return (measure: Measure, value: number | null): ReportReference | null => {
    if (value === null || !(value > 0) || !isComparable(own, measure)) return null;
    const like = peers.like(own, measure);
    if (like === null) return null;
    const words = `the median of ${like.n.toLocaleString("en")} ${like.words} before it`;
    return { basis: "similar", p50: like.median, p80: like.p80, actual: value, n: like.n, words };
  };
}

/** What is still under way, or was given up, has not yet taken what it would take. */
const isComparable = (own: WorkRecord, measure: Measure): boolean => measured(own, measure).ok;

function newest(forecasts: readonly Foretold[], of: (one: Foretold) => boolean): Foretold | undefined {
  return forecasts.filter(of).reduce<Foretold | undefined>((last, one) => {
    return last === undefined || one.seq > last.seq ? one : last;
  }, undefined);
}
