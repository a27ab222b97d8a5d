/**
 * The modified z-score: how many robust standard deviations a value stands from the median (Iglewicz & Hoaglin, "How
 * to Detect and Handle Outliers", 1993): 0.6745·(x − median) / MAD, where MAD is the median absolute deviation. Where
 * half of the values are equal MAD is 0, and the mean absolute deviation stands in (they give 1.253314 for it).
 */
import { median } from "./median.ts";

/** Φ⁻¹(0.75): MAD of a normal sample over its standard deviation. */
const MAD_OF_NORMAL = 0.6745;
/** √(π/2): standard deviation of a normal sample over its mean absolute deviation. */
const SIGMA_OVER_MEAN_DEVIATION = 1.253314;

export interface Spread {
  median: number;
  /** As a standard deviation; 0 where all values are equal. */
  sigma: number;
  n: number;
}

/** Null of nothing. `sorted` ascends. */
export function spreadOf(sorted: readonly number[]): Spread | null {
  const middle = median(sorted);
  if (middle === null) return null;
  const distances = sorted.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const mad = median(distances) ?? 0;
  if (mad > 0) return { median: middle, sigma: mad / MAD_OF_NORMAL, n: sorted.length };
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  return { median: middle, sigma: mean * SIGMA_OVER_MEAN_DEVIATION, n: sorted.length };
}

/** Null where there is no spread to measure by. */
export function modifiedZ(value: number, spread: Spread): number | null {
  return spread.sigma > 0 ? (value - spread.median) / spread.sigma : null;
}
