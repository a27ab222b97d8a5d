/**
 * How far what came exceeded what was said, by stratum, and the factor that the next one stays within with a wanted
 * probability: one-sided split conformal prediction on the residuals of logarithms (Lei et al., JASA 2018), at a
 * level that adapts to the misses there were (Gibbs & Candès 2021).
 *
 * What takes long is scored late: the level would learn of a slow spell only after it. So a miss counts in part as
 * soon as the work has outrun what was said (`overdue`), and for the rest when it ends; in part, because some of it
 * never ends.
 */
import { adapt, GAMMA, usableAlpha } from "../../../schema/metric/statistic/adaptive.ts";
import { neededFor, upperOrder } from "../../../schema/metric/statistic/order-statistic.ts";
import { Rolling } from "../../../schema/metric/statistic/rolling.ts";
import { tailQuantile } from "../../../schema/metric/statistic/tail.ts";
import { MAX_STRATA } from "../target/stratum.ts";

/** Of a miss known before the end. Half; from a quarter to the whole, the backtest's coverage moves by one point. */
const OVERDUE_WEIGHT = 0.5;
/** Ratios that a bound rests on: the newest. */
const MAX_RATIOS = 100;

interface Errors {
  /** Actual over predicted. */
  ratios: Rolling;
  alpha: number;
}

export interface Factor {
  value: number;
  /** Forecasts scored before, that it rests on. */
  n: number;
}

export interface Scored {
  ratio: number;
  /** Null where no bound was given. */
  missed: boolean | null;
  was_overdue: boolean;
}

export class Bound {
  readonly #miss: number;
  readonly #least: number;
  readonly #errors = new Map<string, Errors>();

  /** `miss`: the share of truths that may lie beyond it. */
  constructor(miss: number) {
    this.#miss = miss;
    this.#least = neededFor(1 - miss);
  }

  /** `strata` from the narrowest to the widest; null where none of them has a sample. */
  factor(strata: readonly string[]): Factor | null {
    const found = strata
      .map((stratum) => this.#errors.get(stratum))
      .find((errors) => (errors?.ratios.values.length ?? 0) >= this.#least);
    if (found === undefined) return null;
    const { sorted } = found.ratios;
    const asked = usableAlpha(found.alpha, this.#miss);
    const value = upperOrder(sorted, 1 - asked) ?? tailQuantile(sorted, asked) ?? sorted.at(-1) ?? 1;
    return { value, n: sorted.length };
  }

  /** Work that still runs has outrun what was said. Once for each forecast. */
  overdue(strata: readonly string[]): void {
    for (const stratum of strata) {
      const errors = this.#errors.get(stratum);
      if (errors !== undefined) errors.alpha = adapt(errors.alpha, this.#miss, true, GAMMA * OVERDUE_WEIGHT);
    }
  }

  score({ ratio, missed, was_overdue }: Scored, strata: readonly string[]): void {
    if (!(ratio > 0) || !Number.isFinite(ratio)) return;
    for (const stratum of strata) {
      const errors = this.#of(stratum, strata);
      if (errors === null) continue;
      const gamma = was_overdue ? GAMMA * (1 - OVERDUE_WEIGHT) : GAMMA;
      if (missed !== null) errors.alpha = adapt(errors.alpha, this.#miss, missed, gamma);
      errors.ratios.push(ratio);
    }
  }

  #of(stratum: string, strata: readonly string[]): Errors | null {
    const known = this.#errors.get(stratum);
    if (known !== undefined) return known;
    // The widest is always kept: what is too many shares it.
    if (this.#errors.size >= MAX_STRATA && strata.at(-1) !== stratum) return null;
    const fresh = { ratios: new Rolling(MAX_RATIOS), alpha: this.#miss };
    this.#errors.set(stratum, fresh);
    return fresh;
  }
}
