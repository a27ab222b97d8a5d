/** From where to where an axis reaches. */

export type Domain = [low: number, high: number];

/** The share of what is shown that stays free above and below it, so that no mark touches the edge. */
const MARGIN = 0.06;

/** Nearer to each other than this share of their size, values differ by how sums are rounded, and are one. */
const SAME = 1e-9;

export interface DomainRules {
  /** Holds 0, as what is measured by its length must. */
  zero?: boolean;
  /** What no value can pass: a share is never below 0 or above 1. */
  floor?: number;
  ceiling?: number;
}

/** Never without width, and never of anything that is no number: a scale of nothing is 0 to 1. */
export function domainOf(values: Iterable<number | null>, rules: DomainRules = {}): Domain {
  const { zero = false, floor = -Infinity, ceiling = Infinity } = rules;
  let low = zero ? 0 : Infinity;
  let high = zero ? 0 : -Infinity;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  // All alike: the value lies in the middle of something as large as itself.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const alike = high - low <= size * SAME;
  // The least number there is has no half.
  const flat = alike ? size / 2 || 0.5 : (high - low) * MARGIN || high - low;
  return [
    zero && low === 0 ? 0 : Math.max(Math.min(floor, low), low - flat),
    zero && high === 0 && low < 0 ? 0 : Math.min(Math.max(ceiling, high), high + flat),
  ];
}

export type Place = "inside" | "above" | "below";

/** Values keep at least this share of the height: a target far away is named at the edge, and does not flatten them. */
const MIN_SHARE = 0.4;

/** Where a line for `target` belongs beside what reaches from `low` to `high`. */
export function placeOf(target: number, [low, high]: Domain): Place {
  const width = Math.max(high, target) - Math.min(low, target);
  if (width === 0 || (high - low) / width >= MIN_SHARE) return "inside";
  return target > high ? "above" : "below";
}
