/**
 * What was foretold against what came, by kind: how often intervals held the truth, and how often what was called likely
 * came. Pure; of the scored forecasts of the state, so that it follows the clock.
 */
import type { Foretold } from "../../../schema/state/state.ts";
import { brier, brierSkill } from "../../../schema/metric/statistic/brier.ts";
import { median } from "../../../schema/metric/statistic/median.ts";
import { wilson, type RateInterval } from "../../../schema/metric/statistic/wilson.ts";

export type Scored = Foretold & { actual: number };

/** Forecasts that called something this likely, and how often it came. */
export interface Bin {
  /** Mean of what was said. */
  predicted: number;
  actual: number;
  n: number;
  /** Where the true rate lies, by a 95 % interval. */
  interval: RateInterval | null;
}

export interface IntervalKind {
  shape: "interval";
  kind: string;
  /** Scored ones that had an interval. */
  n: number;
  /** The share that was to lie inside; null: nobody said. */
  asked: number | null;
  /** The share that did, and where the true share lies. */
  covered: number | null;
  interval: RateInterval | null;
  /** Median of actual ÷ predicted: above 1, things took more than was said. */
  ratio: number | null;
  recent: Scored[];
}

export interface ProbabilityKind {
  shape: "probability";
  kind: string;
  n: number;
  bins: Bin[];
  /** 0 is perfect. */
  brier: number | null;
  /** Against always saying how often it came: above 0 the forecasts knew more. */
  skill: number | null;
  recent: Scored[];
}

export type Kind = IntervalKind | ProbabilityKind;

const BINS = 5;

export function calibrate(scored: Iterable<Foretold>): Kind[] {
  const kinds = new Map<string, Scored[]>();
  for (const one of scored) {
    const { actual } = one;
    if (actual === null || one.metric === "") continue;
    const all = kinds.get(one.metric) ?? [];
    all.push({ ...one, actual });
    kinds.set(one.metric, all);
  }
  return [...kinds]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]) => (all.every(isProbability) ? probabilities(kind, all) : intervals(kind, all)));
}

/** It was said how likely something is, and it came or did not. */
function isProbability({ predicted, low, high, actual }: Scored): boolean {
  const is_share = predicted !== null && predicted >= 0 && predicted <= 1;
  return is_share && low === null && high === null && (actual === 0 || actual === 1);
}

/** Without a low end, it is only said what will not be exceeded: "by then, four times in five". */
export function isInside({ actual, low, high }: Scored): boolean | null {
  if (high === null) return null;
  return actual <= high && (low === null || actual >= low);
}

function intervals(kind: string, all: readonly Scored[]): IntervalKind {
  const bounded = all.flatMap((one) => {
    const inside = isInside(one);
    return inside === null ? [] : [{ inside, coverage: one.coverage }];
  });
  const inside = bounded.filter((one) => one.inside).length;
  // What is asked may change with a version: then the mean of what each of them asked.
  const asked = bounded.flatMap(({ coverage }) =>
    coverage !== null && coverage >= 0 && coverage <= 1 ? [coverage] : [],
  );
  const ratios = all.flatMap(({ actual, predicted }) =>
    actual > 0 && predicted !== null && predicted > 0 ? [actual / predicted] : [],
  );
  return {
    shape: "interval",
    kind,
    n: bounded.length,
    asked: mean(asked),
    covered: bounded.length === 0 ? null : inside / bounded.length,
    interval: wilson(inside, bounded.length),
    ratio: median(ratios.sort((a, b) => a - b)),
    recent: newestFirst(all),
  };
}

function probabilities(kind: string, all: readonly Scored[]): ProbabilityKind {
  const pairs = all.map(({ predicted, actual }) => ({ probability: predicted ?? 0, came: actual === 1 }));
  const rate = pairs.filter(({ came }) => came).length / pairs.length;
  const score = brier(pairs);
  const bins = Array.from({ length: BINS }, (_, i) => {
    const of = pairs.filter(({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === i);
    const came = of.filter((pair) => pair.came).length;
    return {
      predicted: mean(of.map(({ probability }) => probability)) ?? 0,
      actual: of.length === 0 ? 0 : came / of.length,
      n: of.length,
      interval: wilson(came, of.length),
    };
  });
  return {
    shape: "probability",
    kind,
    n: pairs.length,
    bins: bins.filter(({ n }) => n > 0),
    brier: score,
    skill: brierSkill(score, rate * (1 - rate)),
    recent: newestFirst(all),
  };
}

const newestFirst = (all: readonly Scored[]) => all.toSorted((a, b) => b.seq - a.seq);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
