/**
 * A stake that is aimed: how much a gambler bets who wants to own `goal` after AIM_TRIALS trials, and nothing more.
 *
 * Of all tests that look once, after so many trials, the likelihood ratio's is the strongest; as a bet it is an option
 * that pays `goal` or nothing. A gambler who owns the share x of its goal holds x = Φ(u) of that option, and copies it by
 * betting φ(u) / (Φ(u)·√(variance to come)) on each trial (Black & Scholes' hedge of a digital option; as a test: Koning,
 * "Continuous testing: unifying tests and e-values", 2024). What it stakes follows from what it owns and from trials
 * before alone, so whatever the outcomes are it owns a non-negative supermartingale: being wrong about the variance costs
 * power and no honesty.
 */

/** Trials within which an effect of 20 points has to be found (DESIGN §8). */
export const AIM_TRIALS = 300;
/** Trials that are always said to be to come: near the end the stake would grow without bound. */
const LEAST_TO_COME = 5;
/** Shares of the goal at which an aim is given up, or reached. */
const LOST = 1e-9;
const REACHED = 1 - 1e-6;

/** Per unit of outcome; null where nothing is left to aim at. @param at trials before. @param variance of one trial's score. */
export function aimedStake(owned: number, goal: number, at: number, variance: number): number | null {
  const x = owned / goal;
  if (at >= AIM_TRIALS || x <= LOST) return null;
  if (x >= 1) return 0;
  const u = normalQuantile(Math.min(x, REACHED));
  const to_come = Math.max(AIM_TRIALS - at, LEAST_TO_COME) * variance;
  return Math.exp((-u * u) / 2) / Math.sqrt(2 * Math.PI) / (x * Math.sqrt(to_come));
}

/** Φ⁻¹. Abramowitz & Stegun, 26.2.23: within 4.5e-4, which moves a stake and no bound. */
function normalQuantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  const z =
    t -
    (2.515517 + 0.802853 * t + 0.010328 * t * t) /
      (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  return p < 0.5 ? -z : z;
}
