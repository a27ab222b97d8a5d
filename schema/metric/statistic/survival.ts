/**
 * How long things last when some are not over yet (Kaplan & Meier, "Nonparametric Estimation from Incomplete
 * Observations", JASA 1958): S(t) = Π (1 − d_i / n_i) over the ends up to t. What still runs counts as at risk for as
 * long as it has run, so that only counting what is finished does not make work look short.
 */
export interface Lifetime {
  duration: number;
  /** False: it still ran at that age. */
  ended: boolean;
}

export interface SurvivalCurve {
  /** Ages at which something ended, ascending, with the share that outlives each. */
  steps: { age: number; surviving: number }[];
  /** Ended and still running ones. */
  ended: number;
  censored: number;
}

/** Negative and infinite durations say nothing and are left out. */
export function survivalOf(lifetimes: readonly Lifetime[]): SurvivalCurve {
  const valid = lifetimes
    .filter(({ duration }) => Number.isFinite(duration) && duration >= 0)
    .sort((a, b) => a.duration - b.duration || Number(b.ended) - Number(a.ended));
  const steps: SurvivalCurve["steps"] = [];
  let surviving = 1;
  let ended = 0;
  for (const [index, { duration, ended: has_ended }] of valid.entries()) {
    if (!has_ended) continue;
    ended += 1;
    // One end at a time: (1 − 1/n)(1 − 1/(n−1)) is 1 − 2/n, so ties come out as in the formula.
    surviving *= 1 - 1 / (valid.length - index);
    const last = steps.at(-1);
    if (last?.age === duration) last.surviving = surviving;
    else steps.push({ age: duration, surviving });
  }
  return { steps, ended, censored: valid.length - ended };
}

/** S(age): the share that lasts longer. */
export function surviving({ steps }: SurvivalCurve, age: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.age ?? Infinity) <= age) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1]?.surviving ?? 1;
}

/** P(T > later | T > age); null where nothing in the sample lasted as long. */
export function survivingFrom(curve: SurvivalCurve, age: number, later: number): number | null {
  const now = surviving(curve, age);
  return now > 0 ? Math.min(1, surviving(curve, Math.max(age, later)) / now) : null;
}
