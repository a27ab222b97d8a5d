/**
 * What the Board feels, 0 to 100, 50 is neutral: computed from the metrics, until somebody lets it speak. Three
 * seats, each with the metrics it cares about.
 *
 * Rule. Each known metric of a seat has a standing from −1 to 1 against its target, or without one against its own
 * value in the window before:
 *
 *   twice as good as the reference  +1      as good  0      half as good  −1      (log₂ of the quotient, cut there)
 *
 * A share near 1 is held by what it misses (a coverage of 90 % against 80 % misses half as much: +1), a count that
 * should be 0 by itself (0 is +0.5, each one takes 0.25, down to −1). Each standing is shrunk by its samples,
 * n ÷ (n + 5), so that a single task turns nobody's mood, and the score is
 *
 *   50 + 50 × Σ shrunken standings ÷ number of known metrics
 *
 * The trend is the same sum over the window before, against the same references; both have to know the metric.
 * Nothing known is null, never 50: no opinion is not a neutral one.
 */
import { findMetric } from "./definition.ts";
import type { Row } from "./measure.ts";
import type { Bound } from "./metric.ts";

export const SEATS = ["penny_pincher", "velocity_capital", "quality_fund"] as const;
export type Seat = (typeof SEATS)[number];

export const SEAT_WORDS: Record<Seat, { name: string; cares: string }> = {
  penny_pincher: { name: "Penny Pincher", cares: "cost" },
  velocity_capital: { name: "Velocity Capital", cares: "speed" },
  quality_fund: { name: "Quality Fund", cares: "quality" },
};

/** What each cares about, in the order of the table of metrics. */
export const SEAT_METRICS: Record<Seat, readonly string[]> = {
  penny_pincher: ["tokens_per_feature", "cost_per_hour", "efficiency_ratio", "tokens_per_task"],
  velocity_capital: ["features_per_hour", "time_to_review", "time_to_merge", "reviewer_cycles", "throughput"],
  quality_fund: [
    "reviewer_pass_rate",
    "test_coverage",
    "lint_pass_rate",
    "integration_failures",
    "bug_escape_rate",
    "escalation_rate",
  ],
};

/** Samples at which a standing counts half. */
export const HALF_TRUST = 5;
/** What one failure takes where none should be, and what none gives. */
const NONE_GIVES = 0.5;
const EACH_TAKES = 0.25;
/** Of a share, so that a target or a value of exactly 1 misses something. */
const LEAST_MISS = 0.005;

/** Where money is budgeted: what of it is used, held against what of the period is over. */
export interface Pace {
  /** 1 is all of the limit. */
  used: number;
  /** 1 is the end of the period. */
  elapsed: number;
}

export interface Reason {
  /** A metric's id, or `budget`. */
  metric: string;
  value: number;
  reference: { kind: "target"; bound: Bound; value: number } | { kind: "before"; value: number };
  /** From −1 to 1, shrunk by its samples. */
  standing: number;
  n: number;
}

export interface Sentiment {
  seat: Seat;
  /** 0 to 100, whole; null: nothing is known that it cares about. */
  score: number | null;
  /** Against the window before; null while that is unknown. */
  change: number | null;
  /** The weightiest first. */
  reasons: Reason[];
  /** Metrics that it cares about and nobody knows. */
  missing: string[];
}

type Measured = Pick<Row, "metric" | "value" | "n" | "target" | "previous">;

/** `rows`: of the whole project, ungrouped. */
export function sentiments(rows: readonly Measured[], pace: Pace | null): Sentiment[] {
  return SEATS.map((seat) => sentimentOf(seat, rows, seat === "penny_pincher" ? pace : null));
}

function sentimentOf(seat: Seat, rows: readonly Measured[], pace: Pace | null): Sentiment {
  const reasons: Reason[] = [];
  const missing: string[] = [];
  let now = 0;
  let before = 0;
  let compared = 0;
  for (const id of SEAT_METRICS[seat]) {
    const row = rows.find(({ metric }) => metric === id);
    const reason = row === undefined ? null : reasonOf(row);
    if (row === undefined || reason === null) {
      missing.push(id);
      continue;
    }
    reasons.push(reason);
    if (row.previous === null) continue;
    // Against a target both windows stand somewhere; the window before stands at itself.
    const then = reason.reference.kind === "before" ? 0 : standing(id, row.previous, reason.reference.value);
    if (then === null) continue;
    now += reason.standing;
    before += then * trust(row.n);
    compared += 1;
  }
  if (pace !== null) {
    const reason = paceReason(pace);
    if (reason !== null) reasons.push(reason);
  }
  const sum = reasons.reduce((total, reason) => total + reason.standing, 0);
  return {
    seat,
    score: reasons.length === 0 ? null : Math.round(50 + (50 * sum) / reasons.length),
    change: compared === 0 ? null : Math.round((50 * (now - before)) / compared),
    reasons: reasons.toSorted((a, b) => Math.abs(b.standing) - Math.abs(a.standing)),
    missing,
  };
}

function reasonOf({ metric, value, n, target, previous }: Measured): Reason | null {
  if (value === null) return null;
  const reference: Reason["reference"] | null =
    target !== null
      ? { kind: "target", ...target }
      : previous !== null
        ? { kind: "before", value: previous }
        : null;
  if (reference === null) return null;
  const stands = standing(metric, value, reference.value);
  return stands === null ? null : { metric, value, reference, standing: stands * trust(n), n };
}

/** From −1 to 1; null where a quotient says nothing. */
function standing(id: string, value: number, reference: number): number | null {
  const metric = findMetric(id);
  // No metric is below 0; what is would be none of ours.
  if (metric === undefined || !(reference >= 0)) return null;
  const better = metric.direction === "up" ? 1 : -1;
  if (reference === 0) return better === -1 ? cut(NONE_GIVES - EACH_TAKES * value) : null;
  if (metric.unit === "ratio" && better === 1 && value <= 1 && reference <= 1 && reference > 0.5)
    return cut(Math.log2(miss(reference) / miss(value)));
  const quotient = value / reference;
  return quotient > 0 ? cut(better * Math.log2(quotient)) : -better;
}

/** A budget used as fast as time goes is neutral; twice as fast is −1. Of the first twentieth nothing follows. */
function paceReason({ used, elapsed }: Pace): Reason | null {
  if (elapsed < 0.05 || elapsed > 1) return null;
  const stands = used <= 0 ? 1 : cut(-Math.log2(used / elapsed));
  return {
    metric: "budget",
    value: used,
    reference: { kind: "target", bound: "<=", value: elapsed },
    // In the first days a pace is little more than chance.
    standing: stands * Math.min(1, elapsed * 4),
    n: 1,
  };
}

const cut = (value: number): number => Math.max(-1, Math.min(1, value));
const miss = (share: number): number => Math.max(LEAST_MISS, 1 - share);
const trust = (n: number): number => n / (n + HALF_TRUST);
