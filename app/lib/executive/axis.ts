/**
 * The axis on which features land. Hours and days ahead are as long as they are; where the farthest is weeks or years
 * away, equal widths stand for equal factors (ln(1 + ahead / a day)), so that it is on the axis and what lands today is
 * not pressed against its edge. Pure.
 */
import type { Domain } from "../chart/domain.ts";
import { timeTicks } from "../chart/ticks.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** As far as an axis of equal days is read. */
const MAX_LINEAR_MS = 14 * DAY_MS;
/** Beyond what a calendar can name the whisker ends in an arrow. */
const MAX_AHEAD_MS = 20 * 365 * DAY_MS;
const TICKS = 4;
const FAR_TICKS: readonly (readonly [words: string, ms: number])[] = [
  ["1 day", DAY_MS],
  ["1 week", 7 * DAY_MS],
  ["1 month", 30 * DAY_MS],
  ["6 months", 182 * DAY_MS],
  ["1 year", 365 * DAY_MS],
  ["5 years", 5 * 365 * DAY_MS],
];

export interface LandingAxis {
  domain: Domain;
  /** Where a moment is on it, in units of the domain. */
  at: (ms: number) => number;
  /** The moment of a place. */
  momentAt: (place: number) => number;
  ticks: readonly { at: number; words: string }[];
}

/** `lands`: when the features on it land at the latest, ms. */
export function landingAxis(
  now_ms: number,
  lands: readonly number[],
  tickText: (ms: number, step_ms: number) => string,
  offset_ms: (ms: number) => number,
): LandingAxis {
  const latest = Math.max(now_ms, ...lands);
  const ahead = Math.min(MAX_AHEAD_MS, Math.max(HOUR_MS, (latest - now_ms) * 1.05));
  if (ahead <= MAX_LINEAR_MS) {
    const { at, step_ms } = timeTicks(now_ms, now_ms + ahead, TICKS, offset_ms);
    return {
      domain: [now_ms, now_ms + ahead],
      at: (ms) => ms,
      momentAt: (place) => place,
      ticks: at.map((tick) => ({ at: tick, words: tickText(tick, step_ms) })),
    };
  }
  const at = (ms: number) => Math.log1p(Math.max(0, ms - now_ms) / DAY_MS) * SCALE;
  return {
    domain: [0, at(now_ms + ahead)],
    at,
    momentAt: (place) => now_ms + Math.expm1(place / SCALE) * DAY_MS,
    ticks: FAR_TICKS.filter(([, ms]) => ms <= ahead).map(([words, ms]) => ({ at: at(now_ms + ms), words })),
  };
}

/** Those that stand at least so far apart, from the right on. */
export function roomFor(
  ticks: LandingAxis["ticks"],
  place: (at: number) => number,
  gap_px: number,
): LandingAxis["ticks"] {
  const kept: { at: number; words: string }[] = [];
  for (const tick of ticks.toReversed()) {
    const next = kept[0];
    if (next === undefined || place(next.at) - place(tick.at) >= gap_px) kept.unshift(tick);
  }
  return kept;
}

/** A mark takes domains narrower than 1 for empty. */
const SCALE = 1_000;
