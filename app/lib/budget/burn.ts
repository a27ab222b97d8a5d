/**
 * A budget's period: what is left, the even pace, and what is to come. The cone is that of a random walk: days are
 * taken to be independent and alike, so after t days the rest is
 *
 *   left − t × mean − z × √t × deviation        (z of P5, P20, P50, P80, P95 of a normal distribution)
 *
 * of the newest whole days, MAX_DAYS at most. Fewer than MIN_DAYS of them say nothing about the next, and no cone
 * is drawn.
 */
import type { Point, Span } from "../chart/series.ts";

const DAY_MS = 86_400_000;
export const MIN_DAYS = 3;
export const MAX_DAYS = 14;
const Z = { p80: 0.8416, p95: 1.6449 } as const;

export interface Spending {
  limit: number;
  used: number;
  from_ms: number;
  to_ms: number;
  now_ms: number;
  /** Money per step of the period, the oldest first. */
  steps: { from: number; step_ms: number; values: readonly (number | null)[] };
}

export interface Burn {
  left: number;
  /** What was left, day by day, and now. */
  line: Point[];
  /** Left when each day took the same. */
  even: Point[];
  per_day: number;
  cone: Cone | null;
  /** Whole days that the cone rests on, or that there are. */
  days: number;
}

export interface Cone {
  middle: Point[];
  inner: Span[];
  outer: Span[];
  /** Left at the end of the period; below 0 it is exceeded. */
  end: { p5: number; p50: number; p80: number; p95: number };
  /** When nothing is left, ms; null: not in this period. */
  out: { p50: number | null; p80: number | null };
}

export function burnDown(spending: Spending): Burn {
  const { limit, used, from_ms, to_ms, now_ms } = spending;
  const left = limit - used;
  const days = daysOf(spending);
  const line: Point[] = [{ x: from_ms, y: limit }];
  // What the steps do not know of (calls reserved at an unknown cost, late ones) was used as well: shared out evenly.
  const known = days.reduce((sum, { usd }) => sum + usd, 0);
  const scale = known > 0 ? used / known : 0;
  let gone = 0;
  const [first] = days;
  const begun_ms = first === undefined ? from_ms : first.end_ms - DAY_MS;
  if (begun_ms > from_ms) line.push({ x: begun_ms, y: limit });
  for (const { end_ms, usd } of days) {
    gone += usd * scale;
    line.push({ x: Math.min(end_ms, now_ms), y: limit - gone });
  }
  if ((line.at(-1)?.x ?? 0) < now_ms) line.push({ x: now_ms, y: left });
  const whole = days.filter(({ end_ms }) => end_ms <= now_ms).map(({ usd }) => usd * scale);
  const sample = whole.slice(-MAX_DAYS);
  return {
    left,
    line,
    even: [
      { x: from_ms, y: limit },
      { x: to_ms, y: 0 },
    ],
    per_day: limit / ((to_ms - from_ms) / DAY_MS),
    cone: sample.length < MIN_DAYS ? null : coneOf(left, sample, now_ms, to_ms),
    days: sample.length,
  };
}

/** Days of UTC, as budgets are counted by. */
function daysOf({ steps, from_ms, now_ms }: Spending): { end_ms: number; usd: number }[] {
  const days = new Map<number, number>();
  // Before the first call that anybody knows of there was nothing to spend: those days say nothing of the next.
  const first_known = steps.values.findIndex((value) => value !== null);
  steps.values.forEach((value, index) => {
    const at = steps.from + index * steps.step_ms;
    if (index < first_known || first_known === -1 || at < from_ms || at > now_ms) return;
    const day = Math.floor(at / DAY_MS);
    days.set(day, (days.get(day) ?? 0) + (value ?? 0));
  });
  const [first] = days.keys();
  if (first === undefined) return [];
  const last = Math.floor(now_ms / DAY_MS);
  // A day without a call is a day, and took nothing.
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    end_ms: (first + i + 1) * DAY_MS,
    usd: days.get(first + i) ?? 0,
  }));
}

const STEPS = 24;

function coneOf(left: number, sample: readonly number[], now_ms: number, to_ms: number): Cone {
  const mean = sample.reduce((sum, usd) => sum + usd, 0) / sample.length;
  const variance = sample.reduce((sum, usd) => sum + (usd - mean) ** 2, 0) / (sample.length - 1);
  const deviation = Math.sqrt(variance);
  const at = (ms: number, z: number) => {
    const days = (ms - now_ms) / DAY_MS;
    return left - days * mean - z * Math.sqrt(days) * deviation;
  };
  const xs = Array.from({ length: STEPS + 1 }, (_, i) => now_ms + ((to_ms - now_ms) * i) / STEPS);
  const span = (z: number) => xs.map((x): Span => ({ x, low: at(x, z), high: at(x, -z) }));
  const out = (z: number) => {
    if (left <= 0) return now_ms;
    if (at(to_ms, z) > 0) return null;
    // It falls all the way, once it falls: halving finds where it passes 0.
    let [low, high] = [now_ms, to_ms];
    while (high - low > 60_000) {
      const middle = (low + high) / 2;
      if (at(middle, z) > 0) low = middle;
      else high = middle;
    }
    return Math.round(high);
  };
  return {
    middle: xs.map((x) => ({ x, y: at(x, 0) })),
    inner: span(Z.p80),
    outer: span(Z.p95),
    end: { p5: at(to_ms, -Z.p95), p50: at(to_ms, 0), p80: at(to_ms, Z.p80), p95: at(to_ms, Z.p95) },
    out: { p50: out(0), p80: out(Z.p80) },
  };
}
