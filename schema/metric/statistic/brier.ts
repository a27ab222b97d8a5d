/**
 * How good probabilities were: the mean squared distance from what came (Brier, "Verification of Forecasts Expressed
 * in Terms of Probability", 1950). 0 is perfect; always saying the base rate p gives p·(1 − p).
 */
export interface Foretold {
  probability: number;
  came: boolean;
}

/** Null of nothing. */
export function brier(foretold: readonly Foretold[]): number | null {
  if (foretold.length === 0) return null;
  const sum = foretold.reduce(
    (total, { probability, came }) => total + (probability - (came ? 1 : 0)) ** 2,
    0,
  );
  return sum / foretold.length;
}

/** 1 − score / score of the reference: above 0 it beats the reference; null where that one is perfect or there is none. */
export function brierSkill(score: number | null, reference: number | null): number | null {
  return score === null || reference === null || reference === 0 ? null : 1 - score / reference;
}
