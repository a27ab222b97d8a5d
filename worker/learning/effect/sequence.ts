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
 * stay alike over the months; looking after every trial costs nothing.
 *
 * The gambler has two purses. One is aimed at AIM_TRIALS trials (aim.ts): it finds an effect of `worth` by then as often as
 * a test of that size can, and has little to say after. The other is sized for an effect of `worth`, and shrinks with the
 * root of the trials, by which the bounds close in on the truth for years. What both own together is what counts, and a
 * sum of supermartingales is one.
 *
 * The order of trials is that of their draws, and none may be left out for what became of it: then each draw is a coin
 * that what came before does not know, however long outcomes take (lift.ts). The bounds of all prefixes hold together,
 * so any prefix may be looked at, chosen by whatever.
 */
import { aimedStake } from "./aim.ts";

/** A chance of error on each side: the interval of both holds with 1 − 2·ALPHA, at all times together. */
export const ALPHA = 0.05;
/** Of the stake, in the purse that is aimed: more finds little more by then, and takes from all that comes after. */
const AIMED_SHARE = 0.75;
/** Above what proof asks of the aimed purse alone, since an option is worth less than it pays until the last trial. */
const AIM_ABOVE = 1.1;

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

/** A side of one trial: what it scored, and what both purses staked on it. */
interface Step {
  score: number;
  stake: number;
  aimed: number;
}

/** Trials of one question, in the order in which they were drawn. Shares and outcomes out of range are excluded, and counted by nobody: the caller checks them. */
export function effectOf(trials: readonly Trial[], scale: Scale): Effect {
  const handed = arm(scale);
  const kept = arm(scale);
  const above = new Side();
  const below = new Side();
  let sum = 0;
  for (const { withheld, share, outcome } of trials) {
    const [m1, m0] = guess(handed, kept);
    const d = withheld ? m1 - m0 - (outcome - m0) / share : m1 - m0 + (outcome - m1) / (1 - share);
    const variance = spread(handed, kept) / (1 - share) + spread(kept, handed) / share;
    const least = m1 - m0 - Math.max((1 - m0) / share, m1 / (1 - share));
    const most = m1 - m0 + Math.max(m0 / share, (1 - m1) / (1 - share));
    above.bet(d, variance, least, scale);
    below.bet(-d, variance, -most, scale);
    sum += d;
    if (withheld) note(kept, outcome, m0);
    else note(handed, outcome, m1);
  }
  const [low, high] = [above.bound(), -below.bound()];
  return {
    handed: handed.n,
    withheld: kept.n,
    estimate: handed.n > 0 && kept.n > 0 ? Math.min(1, Math.max(-1, sum / trials.length)) : null,
    // What was once ruled out stays ruled out: the bounds of all looks hold together.
    low: above.is_proven ? Math.max(low, 0) : low,
    high: below.is_proven ? Math.min(high, 0) : high,
  };
}

/** The gambler who bets that scores are above m: on one side as they are, on the other with the opposite sign. */
class Side {
  /** At one look, or another, it was proven that the effect is above 0. */
  is_proven = false;
  readonly #steps: Step[] = [];
  /** What the purses own against m = 0. */
  #log = 0;
  #aimed = 1;

  /** @param least the lowest score that this trial could have had: against every m of −1 to 1 the stake stays short of everything. */
  bet(score: number, variance: number, least: number, { worth }: Scale): void {
    const at = this.#steps.length;
    const most = MAX_STAKE / (1 - least);
    const stake = Math.min(worth / variance, Math.sqrt((NARROWING * PROOF) / (variance * (at + 1))), most);
    const aimed = Math.min(aimedStake(this.#aimed, GOAL, at, variance) ?? stake, most);
    this.#steps.push({ score, stake, aimed });
    this.#log += Math.log1p(stake * score);
    this.#aimed *= 1 + aimed * score;
    this.is_proven ||= together(this.#log, this.#aimed) >= 1 / ALPHA;
  }

  /** The largest m of −1 to 1 that is ruled out with everything below it; −1 where none is. What is owned falls in m. */
  bound(): number {
    let proven = -1;
    let open = 1;
    for (let round = 0; round < HALVINGS; round++) {
      const middle = (proven + open) / 2;
      if (this.#owned(middle) >= 1 / ALPHA) proven = middle;
      else open = middle;
    }
    return proven;
  }

  #owned(m: number): number {
    let log = 0;
    let aimed = 0;
    for (const step of this.#steps) {
      log += Math.log1p(step.stake * (step.score - m));
      aimed += Math.log1p(step.aimed * (step.score - m));
    }
    return together(log, Math.exp(aimed));
  }
}

function together(log: number, aimed: number): number {
  return (1 - AIMED_SHARE) * Math.exp(log) + AIMED_SHARE * aimed;
}

const PROOF = Math.log(1 / ALPHA);
const GOAL = AIM_ABOVE / (ALPHA * AIMED_SHARE);

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
