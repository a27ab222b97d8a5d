/**
 * Beyond the largest value of a sample: Weissman's estimator (JASA 1978) with Hill's index of the tail (Annals of
 * Statistics 1975), x(n−k)·(k / (n·p))^h, where h is the mean logarithm of the largest k values over x(n−k). It is
 * asked only where an adapted level wants more than the order statistics of the sample can say.
 */

/** Of the sample, that is the tail. */
const TAIL_SHARE = 0.2;
/** Values below it say nothing of a tail. */
const LEAST_TAIL = 3;
/** Steeper tails have no mean; a few equal giants in a small sample can pretend one. */
const MAX_INDEX = 1.5;

/** The value that is exceeded with probability `p`; null where the sample has no tail to go by. `sorted` ascends, above 0. */
export function tailQuantile(sorted: readonly number[], p: number): number | null {
  const n = sorted.length;
  const k = Math.max(LEAST_TAIL, Math.floor(n * TAIL_SHARE));
  const base = sorted[n - k - 1];
  const largest = sorted.at(-1);
  if (base === undefined || largest === undefined || !(base > 0) || !(p > 0)) return null;
  const mean = sorted.slice(n - k).reduce((sum, value) => sum + Math.log(value / base), 0) / k;
  return Math.max(largest, base * (k / (n * p)) ** Math.min(MAX_INDEX, mean));
}
