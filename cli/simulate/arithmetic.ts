/**
 * Exponential and logarithm from nothing but + − × ÷, which IEEE 754 fixes to
 * the last bit. `Math.exp` and `Math.log` may differ between engines
 * (ECMA-262 §21.3.2: "implementation-approximated"), and one differing bit
 * would change every event after it.
 */
const LN2 = 0.6931471805599453;
const SQRT2 = 1.4142135623730951;
/** Terms of exp's Taylor series: the remainder is at most ln 2 / 2, and 0.35^18 / 18! is far below one bit. */
const EXP_TERMS = 18;
/** Terms of artanh's series: its argument is at most 0.172, and 0.172^27 is below one bit. */
const LN_TERMS = 13;

/** e^x for |x| ≤ 700. */
export function exp(x: number): number {
  const halvings = Math.round(x / LN2);
  const rest = x - halvings * LN2;
  let sum = 1;
  for (let term = EXP_TERMS; term >= 1; term--) sum = 1 + (rest / term) * sum;
  return scale(sum, halvings);
}

/** ln x for x > 0. */
export function ln(x: number): number {
  let mantissa = x;
  let halvings = 0;
  for (; mantissa > SQRT2; halvings++) mantissa /= 2;
  for (; mantissa < SQRT2 / 2; halvings--) mantissa *= 2;
  // ln m = 2 artanh((m − 1) / (m + 1))
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = LN_TERMS; term >= 0; term--) sum = 1 / (2 * term + 1) + square * sum;
  return 2 * ratio * sum + halvings * LN2;
}

/** x · 2^power; exact, as it only moves the exponent. */
function scale(x: number, power: number): number {
  let scaled = x;
  for (let step = 0; step < power; step++) scaled *= 2;
  for (let step = 0; step > power; step--) scaled /= 2;
  return scaled;
}
