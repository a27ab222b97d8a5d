/**
 * Limits of a control chart for individual values (Shewhart; Wheeler & Chambers, "Understanding Statistical Process
 * Control", 1992, §3.6): mean ± 3σ, where σ is the mean moving range ÷ d₂ of pairs. A standard deviation of all values
 * would be widened by the very outlier that it is to show: of ten values none lies beyond three of it.
 */

/** d₂ for ranges of two: a mean range of normal pairs over their standard deviation. */
const RANGE_OVER_SIGMA = 1.128;
const LIMIT_SIGMAS = 3;
/** Fewer values than this say nothing about what is usual; limits of fewer move with each one. */
export const MIN_CONTROL_VALUES = 8;

/** Of the values' size: by less they differ only in how sums were rounded, and no such value is a signal. */
const ROUNDING = 1e-9;

export interface ControlLimits {
  mean: number;
  lower: number;
  upper: number;
  /** Values that they rest on. */
  n: number;
}

/**
 * Null of too few. Unknown values are passed over: the range is that of neighbours that are known.
 * `floor`, `ceiling`: what no value can pass, and so no limit either.
 */
export function controlLimits(
  values: readonly (number | null)[],
  { floor = -Infinity, ceiling = Infinity }: { floor?: number; ceiling?: number } = {},
): ControlLimits | null {
  const known = values.filter((value) => value !== null);
  if (known.length < MIN_CONTROL_VALUES) return null;
  let sum = 0;
  let ranges = 0;
  for (const [index, value] of known.entries()) {
    sum += value;
    if (index > 0) ranges += Math.abs(value - (known[index - 1] ?? value));
  }
  const mean = sum / known.length;
  const reach = (LIMIT_SIGMAS * ranges) / (known.length - 1) / RANGE_OVER_SIGMA;
  return {
    mean,
    lower: Math.max(floor, mean - reach),
    upper: Math.min(ceiling, mean + reach),
    n: known.length,
  };
}

/** Which values lie outside, by index. */
export function outsideLimits(values: readonly (number | null)[], limits: ControlLimits | null): number[] {
  if (limits === null) return [];
  const slack = ROUNDING * Math.max(Math.abs(limits.lower), Math.abs(limits.upper));
  return values.flatMap((value, index) =>
    value !== null && (value < limits.lower - slack || value > limits.upper + slack) ? [index] : [],
  );
}
