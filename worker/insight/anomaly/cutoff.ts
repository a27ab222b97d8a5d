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

/** Share of the project's own past that a cut-off may call an anomaly. */
const OWN_RATE = 0.005;
/** Scores that it is calibrated by: the newest. 199 are the fewest that bound 0.5 %. */
const MAX_SCORES = 1_000;
/** Sorting is for every so many scores: one moves the order statistic of a thousand by nothing. */
const SORT_EVERY = 20;

/** Raises the cut-off where the project's own data have heavier tails than a log-normal: alarms nobody believes are none. */
export class OwnScores {
  readonly #scores: number[] = [];
  #raised = 0;
  #since_sorted = 0;

  /** The cut-off for a sample of `n`. */
  cutoff(n: number): number {
    return Math.max(cutoffFor(n), this.#raised);
  }

  note(score: number): void {
    this.#scores.push(score);
    if (this.#scores.length > MAX_SCORES) this.#scores.shift();
    if (++this.#since_sorted < SORT_EVERY) return;
    this.#since_sorted = 0;
    this.#raised = upperOrder(ascending(this.#scores), 1 - OWN_RATE) ?? 0;
  }
}
