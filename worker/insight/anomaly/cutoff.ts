/**
 * From where on a modified z-score is an anomaly. Iglewicz & Hoaglin say 3.5; that is right for large samples, while
 * with ten values it is wrong for 1.7 in a hundred. These cut-offs keep the rate at which an ordinary (log-normal) new
 * value lies above them at one in a thousand or less for every size; `cutoff.test.ts` draws them anew.
 */
import { ascending, upperOrder } from "../../../schema/metric/statistic/order-statistic.ts";

/** Values below which nothing is called an anomaly. */
export const LEAST_VALUES = 10;
export const CUTOFF = 3.5;
/** From this many values on 3.5 itself is wrong for no more than one in a thousand. */
export const LARGE = 58;

/** `[values, cut-off]`; between them the stricter one holds. */
const SMALL_SAMPLES: readonly [number, number][] = [
  [10, 7.71],
  [12, 6.39],
  [15, 5.63],
  [20, 4.74],
  [30, 4.08],
  [50, 3.64],
  [LARGE, CUTOFF],
];

/** Infinite where the sample is too small. */
export function cutoffFor(n: number): number {
  if (n < LEAST_VALUES) return Infinity;
  return SMALL_SAMPLES.findLast(([size]) => n >= size)?.[1] ?? CUTOFF;
}

/** Percentile that tails are compared at: low enough that anomalies themselves, up to some per cent, do not move it. */
const TAIL_LEVEL = 0.95;
/** Where it lies for a log-normal, in standard deviations. */
const TAIL_OF_NORMAL = 1.645;
/** Scores before the project's own tail is known. */
const LEAST_SCORES = 100;
/** Scores looked at: the newest. */
const MAX_SCORES = 1_000;
/** Share of its own past that a rule with a bounded rate may call an anomaly. 199 scores are the fewest that bound it. */
const OWN_RATE = 0.005;
/** Sorting is for every so many scores: one moves a percentile of a thousand by nothing. */
const SORT_EVERY = 20;

/**
 * Raises the cut-off where the project's own scores have heavier tails than a log-normal's: alarms nobody believes are
 * none. Tokens are scaled by their tail alone. Times are bounded to a rate besides, because nights and waiting make
 * some of them a hundred times longer for no fault of anybody; then of many anomalies at once only the worst are told.
 */
export class OwnScores {
  readonly #bounded: boolean;
  readonly #scores: number[] = [];
  #scale = 1;
  #bound = 0;
  #since_sorted = 0;

  constructor(is_bounded: boolean) {
    this.#bounded = is_bounded;
  }

  /** The cut-off for a sample of `n`. */
  cutoff(n: number): number {
    return Math.max(cutoffFor(n) * this.#scale, this.#bound);
  }

  note(score: number): void {
    this.#scores.push(score);
    if (this.#scores.length > MAX_SCORES) this.#scores.shift();
    if (++this.#since_sorted < SORT_EVERY) return;
    this.#since_sorted = 0;
    const sorted = ascending(this.#scores);
    if (sorted.length >= LEAST_SCORES)
      this.#scale = Math.max(1, (upperOrder(sorted, TAIL_LEVEL) ?? 0) / TAIL_OF_NORMAL);
    if (this.#bounded) this.#bound = upperOrder(sorted, 1 - OWN_RATE) ?? 0;
  }
}
