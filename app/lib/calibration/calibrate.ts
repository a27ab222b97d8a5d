/**
 * What was foretold against what came, by kind, as it is drawn: how often intervals held the truth, and how often what
 * was called likely came. Of the server's answer, or of the same sums over a state of the past. Pure.
 */
import type { CalibrationKind, ScoredForecast } from "../../../schema/wire/forecast.ts";
import { brierSkill } from "../../../schema/metric/statistic/brier.ts";
import { wilson, type RateInterval } from "../../../schema/metric/statistic/wilson.ts";

export interface Scored extends ScoredForecast {
  /** What it is a forecast of. */
  kind: string;
  /** Of one answer. */
  id: string;
}

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

/** Those of which something was scored, by name. */
export function calibrate(kinds: readonly CalibrationKind[]): Kind[] {
  return kinds
    .filter(({ n, recent }) => n > 0 || recent.length > 0)
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
    .map((kind) => (kind.unit === "probability" ? probabilities(kind) : intervals(kind)));
}

/** Without a low end, it is only said what will not be exceeded: "by then, four times in five". */
export function isInside({ actual, low, high }: Pick<Scored, "actual" | "low" | "high">): boolean | null {
  if (high === null) return null;
  return actual <= high && (low === null || actual >= low);
}

function intervals(found: CalibrationKind): IntervalKind {
  const { kind, n, asked, covered, interval, bias } = found;
  const ratio = bias === null ? null : Math.exp(bias);
  return { shape: "interval", kind, n, asked, covered, interval, ratio, recent: recentOf(found) };
}

function probabilities(found: CalibrationKind): ProbabilityKind {
  const { kind, n, bins, brier, brier_base } = found;
  return {
    shape: "probability",
    kind,
    n,
    bins: bins.map((bin) => ({ ...bin, interval: wilson(Math.round(bin.actual * bin.n), bin.n) })),
    brier,
    skill: brierSkill(brier, brier_base ?? 0),
    recent: recentOf(found),
  };
}

const recentOf = ({ kind, recent }: CalibrationKind): Scored[] =>
  recent.map((one, i) => ({ ...one, kind, id: `${kind} ${String(i)}` }));

/** Of all kinds, the newest first; those of which nobody knows when come last. */
export function newestOf(kinds: readonly Kind[], most: number): Scored[] {
  const at = ({ scored_at }: Scored) => (scored_at === null ? -Infinity : Date.parse(scored_at));
  return kinds
    .flatMap(({ recent }) => recent)
    .toSorted((a, b) => at(b) - at(a) || 0)
    .slice(0, most);
}
