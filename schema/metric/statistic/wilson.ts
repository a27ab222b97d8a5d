/** The interval of a rate (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 1927). */
export interface RateInterval {
  low: number;
  high: number;
}

/** Standard deviations of a two-sided 95 % interval. */
export const Z_95 = 1.959964;

/** Null where nothing was counted, or more hits than trials. */
export function wilson(hits: number, trials: number, z = Z_95): RateInterval | null {
  if (!(trials > 0) || !(hits >= 0) || hits > trials) return null;
  const rate = hits / trials;
  const scale = 1 + (z * z) / trials;
  const middle = (rate + (z * z) / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** A rate drawn towards a prior one that weighs as much as so many trials: the mean of a beta posterior. */
export function smoothedRate(hits: number, trials: number, prior: number, weight: number): number {
  return (hits + prior * weight) / (trials + weight);
}
