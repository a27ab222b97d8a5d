/**
 * Whether two shares differ by more than chance.
 *
 * Wilson's score interval of each share (E. B. Wilson, 1927), joined to one of their difference by Newcombe's
 * hybrid score method (R. G. Newcombe, "Interval estimation for the difference between independent proportions",
 * Statistics in Medicine 17, 1998, method 10). With many comparisons the level is divided by their number
 * (Bonferroni), so that all intervals hold together with 95 % confidence.
 */
const CONFIDENCE = 0.95;

/** The least that |a/n − b/m| is, at a normal quantile z; negative where the shares may be equal. */
export function leastDifference(a: number, n: number, b: number, m: number, z: number): number {
  if (n === 0 || m === 0) return -1;
  const [p, q] = [a / n, b / m];
  const [p_low, p_high] = wilson(a, n, z);
  const [q_low, q_high] = wilson(b, m, z);
  return p >= q ? p - q - Math.hypot(p - p_low, q_high - q) : q - p - Math.hypot(p_high - p, q - q_low);
}

export function wilson(a: number, n: number, z: number): [number, number] {
  const p = a / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** The two-sided normal quantile for this many comparisons at once. */
export function quantileFor(comparisons: number): number {
  const tail = (1 - CONFIDENCE) / (2 * Math.max(1, comparisons));
  // Abramowitz and Stegun, 26.2.23: within 4.5e-4 of the true quantile.
  const t = Math.sqrt(-2 * Math.log(tail));
  return (
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) /
      (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
  );
}
