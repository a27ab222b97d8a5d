/**
 * How forecasts held, kind by kind, of the newest that were scored (the state keeps MAX_SCORED_FORECASTS of all kinds).
 * Intervals and P80 finishes by the share of truths that they held, probabilities by Brier's score; each with bins of
 * what was said against what came.
 */
import { brier } from "../metric/statistic/brier.ts";
import { median } from "../metric/statistic/median.ts";
import { wilson } from "../metric/statistic/wilson.ts";
import type { Foretold } from "../state/entity/forecast.ts";
import { FORETOLD_KINDS, type CalibrationBin, type CalibrationKind, type ForetoldKind } from "./forecast.ts";

const KIND_UNITS: Readonly<Record<ForetoldKind, CalibrationKind["unit"]>> = {
  work: "ms",
  tokens: "tokens",
  cost: "usd",
  finish: "ms",
  changes: "probability",
  breach: "probability",
};

const MAX_BINS = 10;
/** Below it a bin's median, or share, says nothing. */
const LEAST_IN_BIN = 5;
/** Listed one by one. */
const MAX_RECENT = 20;

type Scored = Foretold & { predicted: number; actual: number };

export function calibrationByKind(scored: Iterable<Foretold>): CalibrationKind[] {
  const all = [...scored].flatMap((one): Scored[] => {
    const { predicted, actual } = one;
    return predicted === null || actual === null ? [] : [{ ...one, predicted, actual }];
  });
  return FORETOLD_KINDS.map((kind) =>
    ofKind(
      kind,
      all.filter(({ metric }) => metric === kind),
    ),
  );
}

function ofKind(kind: ForetoldKind, scored: readonly Scored[]): CalibrationKind {
  const unit = KIND_UNITS[kind];
  const common = { kind, unit, recent: scored.slice(-MAX_RECENT).reverse().map(recentOf) };
  return unit === "probability"
    ? { ...common, ...ofProbabilities(scored) }
    : { ...common, ...ofIntervals(kind, scored) };
}

type Figures = Omit<CalibrationKind, "kind" | "unit" | "recent">;

function ofProbabilities(scored: readonly Scored[]): Figures {
  const usable = scored.filter(({ predicted }) => predicted >= 0 && predicted <= 1);
  const said = usable.map(({ predicted, actual }) => ({ probability: predicted, came: actual > 0 }));
  const rate = said.filter(({ came }) => came).length / Math.max(1, said.length);
  const none = { asked: null, covered: null, interval: null, bias: null };
  const bins = Map.groupBy(said, ({ probability }) =>
    Math.min(MAX_BINS - 1, Math.floor(probability * MAX_BINS)),
  );
  return {
    ...none,
    n: said.length,
    brier: brier(said),
    brier_base: said.length === 0 ? null : rate * (1 - rate),
    bins: [...bins]
      .sort(([a], [b]) => a - b)
      .map(([, bin]) => ({
        predicted: bin.reduce((sum, { probability }) => sum + probability, 0) / bin.length,
        actual: bin.filter(({ came }) => came).length / bin.length,
        n: bin.length,
      })),
  };
}

function ofIntervals(kind: ForetoldKind, scored: readonly Scored[]): Figures {
  // A finish is bounded on one side: it may come sooner than was said.
  const bounded = scored.flatMap(({ actual, low, high, coverage }) =>
    high === null || (low === null && kind !== "finish")
      ? []
      : [{ inside: actual <= high && (low === null || actual >= low), coverage }],
  );
  const inside = bounded.filter((one) => one.inside).length;
  const asked = bounded.flatMap(({ coverage }) =>
    coverage !== null && coverage >= 0 && coverage <= 1 ? [coverage] : [],
  );
  const positive = scored.filter(({ predicted, actual }) => predicted > 0 && actual > 0);
  const ratios = positive.map(({ predicted, actual }) => Math.log(actual / predicted)).sort((a, b) => a - b);
  return {
    n: bounded.length,
    asked: asked.length === 0 ? null : asked.reduce((sum, one) => sum + one, 0) / asked.length,
    covered: bounded.length === 0 ? null : inside / bounded.length,
    interval: wilson(inside, bounded.length),
    brier: null,
    brier_base: null,
    bias: median(ratios),
    bins: binsOf(positive),
  };
}

/** As many in each: the smallest forecasts first. */
function binsOf(scored: readonly Scored[]): CalibrationBin[] {
  const sorted = scored.toSorted((a, b) => a.predicted - b.predicted);
  const count = Math.min(MAX_BINS, Math.floor(sorted.length / LEAST_IN_BIN));
  return Array.from({ length: count }, (_, i) => {
    const bin = sorted.slice(
      Math.floor((i * sorted.length) / count),
      Math.floor(((i + 1) * sorted.length) / count),
    );
    return {
      predicted: median(bin.map(({ predicted }) => predicted)) ?? 0,
      actual: median(bin.map(({ actual }) => actual).sort((a, b) => a - b)) ?? 0,
      n: bin.length,
    };
  });
}

function recentOf({
  task_id,
  feature_id,
  predicted,
  low,
  high,
  actual,
  scored_at,
}: Scored): CalibrationKind["recent"][number] {
  return {
    ...{ task_id, feature_id, predicted, low, high, actual },
    scored_at: scored_at === null ? null : new Date(scored_at).toISOString(),
  };
}
