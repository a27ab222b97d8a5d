/**
 * The effect of handing something over, told honestly at every look: a confidence sequence for a randomised trial.
 *
 * Each trial was handed over or withheld by a known chance, so
 *
 *   D = m1 − m0 + [handed over]·(Y − m1)/(1 − share) − [withheld]·(Y − m0)/share
 *
 * has the true effect as its mean, whatever is guessed for m1 and m0 from earlier trials (augmented inverse propensity
 * weighting; Robins, Rotnitzky & Zhao 1994). A gambler who bets on "the effect is above m" owns Π(1 + λ(D − m)), a
 * non-negative supermartingale wherever it is not: by Ville's inequality it ever reaches 1/α with a chance of at most α.
 * The lower bound is the largest m that this rules out; the upper bound mirrors it (Waudby-Smith & Ramdas, "Estimating
 * means of bounded random variables by betting", 2024). Nothing is assumed of how outcomes are distributed, nor that they
 * stay alike over the months; looking after every trial costs nothing. The bet is sized for an effect of `worth`: that one
 * is found soonest, others later; and it shrinks with the root of the trials, by which the bounds close in on the truth.
 */

/** A chance of error on each side: the interval of both holds with 1 − 2·ALPHA, at all times together. */
export const ALPHA = 0.05;

/** Trials that a guess of an arm's mean leans on the pooled one by: with few, arms look further apart than they are. */
const LEAN_TRIALS = 30;
/** Of the stake that would lose everything at the worst outcome: short of it, no single trial ends the bet. */
const MAX_STAKE = 0.97;
/** The bet begins to shrink at this many times ln(1/ALPHA)·variance/worth² trials: some 300 of a success of 60 to 80 %. */
const NARROWING = 3;
/** Halvings when a bound is searched: 2/2^20 is far below what is shown. */
const HALVINGS = 20;

export interface Trial {
  withheld: boolean;
  /** The chance with which it would be withheld, above 0 and below 1, as it was drawn. */
  share: number;
  /** 0 to 1. */
  outcome: number;
}

export interface Scale {
  /** The effect that bets are sized for, in outcomes: the smallest that must be found within some hundred trials. */
  worth: number;
  /** Variance of an outcome before any was seen. */
  variance: number;
}

/** In outcomes: of those handed over, minus of those withheld. */
export interface Effect {
  handed: number;
  withheld: number;
  /** Mean of the D above; null while an arm is empty. */
  estimate: number | null;
  low: number;
  high: number;
}

interface Step {
  d: number;
  stake_up: number;
  stake_down: number;
}

/** Trials of one question, in the order in which their outcomes became known. Shares and outcomes out of range are excluded, and counted by nobody: the caller checks them. */
export function effectOf(trials: readonly Trial[], scale: Scale): Effect {
  const handed = arm(scale);
  const kept = arm(scale);
  const steps: Step[] = [];
  let up = 0;
  let down = 0;
  let is_above = false;
  let is_below = false;
  let sum = 0;
  for (const { withheld, share, outcome } of trials) {
    const [m1, m0] = guess(handed, kept);
    const d = withheld ? m1 - m0 - (outcome - m0) / share : m1 - m0 + (outcome - m1) / (1 - share);
    const variance = spread(handed, kept) / (1 - share) + spread(kept, handed) / share;
    const least = m1 - m0 - Math.max((1 - m0) / share, m1 / (1 - share));
    const most = m1 - m0 + Math.max(m0 / share, (1 - m1) / (1 - share));
    const bet = Math.min(
      scale.worth / variance,
      Math.sqrt((NARROWING * PROOF) / (variance * (steps.length + 1))),
    );
    // An effect lies between −1 and 1: against every such m the stake stays short of everything.
    const step = {
      d,
      stake_up: Math.min(bet, MAX_STAKE / (1 - least)),
      stake_down: Math.min(bet, MAX_STAKE / (1 + most)),
    };
    steps.push(step);
    sum += d;
    up += Math.log1p(step.stake_up * d);
    down += Math.log1p(-step.stake_down * d);
    is_above ||= up >= PROOF;
    is_below ||= down >= PROOF;
    if (withheld) note(kept, outcome, m0);
    else note(handed, outcome, m1);
  }
  const low = bound((m) => steps.reduce((log, { d, stake_up }) => log + Math.log1p(stake_up * (d - m)), 0));
  const high = -bound((m) =>
    steps.reduce((log, { d, stake_down }) => log + Math.log1p(-stake_down * (d + m)), 0),
  );
  return {
    handed: handed.n,
    withheld: kept.n,
    estimate: handed.n > 0 && kept.n > 0 ? Math.min(1, Math.max(-1, sum / steps.length)) : null,
    // What was once ruled out stays ruled out: the bounds of all looks hold together.
    low: is_above ? Math.max(low, 0) : low,
    high: is_below ? Math.min(high, 0) : high,
  };
}

const PROOF = Math.log(1 / ALPHA);

/** The largest m in −1..1 at which a gain, falling in m, still proves that the effect is above it; −1 where none does. */
function bound(gain: (m: number) => number): number {
  let proven = -1;
  let open = 1;
  for (let round = 0; round < HALVINGS; round++) {
    const middle = (proven + open) / 2;
    if (gain(middle) >= PROOF) proven = middle;
    else open = middle;
  }
  return proven;
}

interface Arm {
  n: number;
  sum: number;
  /** Squares of how far each outcome was from what had been guessed before it. */
  missed: number;
  prior: number;
}
const arm = ({ variance }: Scale): Arm => ({ n: 0, sum: 0, missed: 0, prior: variance });

function note(into: Arm, outcome: number, guessed: number): void {
  into.n++;
  into.sum += outcome;
  into.missed += (outcome - guessed) ** 2;
}

/** Means of both arms by what came before, each leaning on all of it; a half before the first. */
function guess(handed: Arm, kept: Arm): [number, number] {
  const all = (handed.sum + kept.sum + 1) / (handed.n + kept.n + 2);
  return [leaning(handed, all), leaning(kept, all)];
}
const leaning = ({ sum, n }: Arm, all: number): number => (sum + LEAN_TRIALS * all) / (n + LEAN_TRIALS);

/** Variance of an arm's outcomes, leaning on both arms' and on what was said of them before any. */
function spread(one: Arm, other: Arm): number {
  const all = (one.missed + other.missed + LEAN_TRIALS * one.prior) / (one.n + other.n + LEAN_TRIALS);
  return Math.max((one.missed + LEAN_TRIALS * all) / (one.n + LEAN_TRIALS), MIN_VARIANCE);
}
/** Outcomes that never differed still may: a bet is never infinite. */
const MIN_VARIANCE = 1e-3;
