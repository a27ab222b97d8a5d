/**
 * Single values far above what is usual: the modified z-score on logarithms, by stratum. A value is judged by those
 * before it and then becomes one of them; a median does not move for one giant.
 */
import { modifiedZ, spreadOf, type Spread } from "../../../schema/metric/statistic/deviation.ts";
import { ascending } from "../../../schema/metric/statistic/order-statistic.ts";
import { LEAST_VALUES, OwnScores } from "./cutoff.ts";

/** Values compared with: the newest. */
const MAX_VALUES = 100;
/** Strata. Kinds and roles are the sender's words; more of them share the wider strata. */
const MAX_STRATA = 200;

/** A pause after which a stratum begins anew: what was worked on before it says nothing of how long it takes now. */
const MAX_PAUSE_MS = 24 * 3_600_000;
/**
 * Times its limit that a stratum must be known for, where times are judged. Of work that takes as long as it was
 * watched, none has ended yet: what is known then is the short work alone, and all else would look long.
 */
const KNOWN_TIMES = 2;

interface Sample {
  logs: number[];
  spread: Spread | null;
  /** Since when values come without such a pause, and the newest, ms. */
  began_ms: number;
  newest_ms: number;
}

export interface Verdict {
  z: number;
  cutoff: number;
  is_outlier: boolean;
  /** Of the stratum, in the unit of the value. */
  usual: number;
  /** The most that is not an anomaly. */
  limit: number;
  n: number;
  stratum: string;
}

export class Outliers {
  readonly #samples = new Map<string, Sample>();
  readonly #own: OwnScores;
  readonly #are_times: boolean;

  /** `of`: times are waited for, amounts are not (cutoff.ts). */
  constructor(of: "times" | "amounts") {
    this.#are_times = of === "times";
    this.#own = new OwnScores(this.#are_times);
  }

  /** Null where there is nothing to judge by, or the value is no amount. `strata` from the narrowest to the widest. */
  judge(value: number, strata: readonly string[], time_ms: number): Verdict | null {
    if (!(value > 0) || !Number.isFinite(value)) return null;
    const log = Math.log(value);
    const stratum = strata.find((one) => (this.#samples.get(one)?.logs.length ?? 0) >= LEAST_VALUES);
    const spread = stratum === undefined ? null : (this.#samples.get(stratum)?.spread ?? null);
    const z = spread === null ? null : modifiedZ(log, spread);
    let verdict: Verdict | null = null;
    if (spread !== null && z !== null && stratum !== undefined) {
      const cutoff = this.#own.cutoff(spread.n);
      const limit = Math.exp(spread.median + cutoff * spread.sigma);
      verdict = {
        z,
        cutoff,
        is_outlier: z > cutoff && this.#isKnown(stratum, limit, time_ms),
        usual: Math.exp(spread.median),
        limit,
        n: spread.n,
        stratum,
      };
      this.#own.note(z);
    }
    for (const one of strata) this.#enter(one, log, strata, time_ms);
    return verdict;
  }

  /** What is usual of like values, and the most that is not an anomaly; null where there is nothing to judge by. */
  expect(
    strata: readonly string[],
    time_ms: number,
  ): Pick<Verdict, "usual" | "limit" | "n" | "stratum"> | null {
    const stratum = strata.find((one) => (this.#samples.get(one)?.logs.length ?? 0) >= LEAST_VALUES);
    const spread = stratum === undefined ? null : (this.#samples.get(stratum)?.spread ?? null);
    if (stratum === undefined || spread === null) return null;
    const { median, sigma, n } = spread;
    const limit = Math.exp(median + this.#own.cutoff(n) * sigma);
    if (!Number.isFinite(limit) || !this.#isKnown(stratum, limit, time_ms)) return null;
    return { usual: Math.exp(median), limit, n, stratum };
  }

  #isKnown(stratum: string, limit: number, time_ms: number): boolean {
    const began_ms = this.#samples.get(stratum)?.began_ms ?? Infinity;
    return !this.#are_times || time_ms - began_ms >= KNOWN_TIMES * limit;
  }

  #enter(stratum: string, log: number, strata: readonly string[], time_ms: number): void {
    let sample = this.#samples.get(stratum);
    if (sample === undefined) {
      if (this.#samples.size >= MAX_STRATA && strata.at(-1) !== stratum) return;
      this.#samples.set(
        stratum,
        (sample = { logs: [], spread: null, began_ms: time_ms, newest_ms: time_ms }),
      );
    }
    if (time_ms - sample.newest_ms > MAX_PAUSE_MS) sample.began_ms = time_ms;
    sample.newest_ms = Math.max(sample.newest_ms, time_ms);
    sample.logs.push(log);
    if (sample.logs.length > MAX_VALUES) sample.logs.shift();
    sample.spread = spreadOf(ascending(sample.logs));
  }
}
