/**
 * What was measured lately, by stratum: the last hundred values of each measure, and the level that its target has
 * adapted to. A record enters when it closes, so whatever is said of a task rests on its past alone. A pure function
 * of the order of closing: two holders that saw the same closings agree to the last bit.
 *
 *   closed ─▶ measured ─▶ scored against the target in force ─▶ into each of its strata
 *                └ excluded, counted by reason
 */
import { adapt } from "../../../schema/metric/statistic/adaptive.ts";
import { Rolling } from "../../../schema/metric/statistic/rolling.ts";
import { measured, type Exclusion, type Measure, type WorkRecord } from "../work/record.ts";
import { MAX_STRATA, strataOf } from "./stratum.ts";
import { targetOf, TARGET_ALPHA, TARGET_GAMMA } from "./target.ts";

/** Values that a target rests on: the newest. Enough for the order statistic to be steady, few enough to follow change. */
export const MAX_SAMPLE = 100;

export interface Sample {
  recent: Rolling;
  /** Of adaptive conformal inference; it may leave 0 to 1. */
  alpha: number;
  /** Values ever, and those beyond the target that stood then. */
  seen: number;
  scored: number;
  breached: number;
}

export class Pool {
  readonly measure: Measure;
  readonly samples = new Map<string, Sample>();
  readonly excluded = new Map<Exclusion, number>();

  readonly #gamma: number;

  /** `gamma`: how fast targets adapt; 0 takes the order statistics as they are. */
  constructor(measure: Measure, gamma = TARGET_GAMMA) {
    this.measure = measure;
    this.#gamma = gamma;
  }

  sample(stratum: string): Sample | undefined {
    return this.samples.get(stratum);
  }

  /** A record closed. Says what it measured against the target that stood, null where it is no measurement. */
  close(record: WorkRecord): { value: number; target: number | null; breached: boolean } | null {
    const found = measured(record, this.measure);
    if (!found.ok) {
      if (found.why !== "not finished" || record.outcome !== "open")
        this.excluded.set(found.why, (this.excluded.get(found.why) ?? 0) + 1);
      return null;
    }
    const strata = strataOf(record);
    const target = targetOf(this, strata);
    const breached = target.value !== null && found.value > target.value;
    for (const stratum of strata) this.#enter(stratum, found.value, strata);
    return { value: found.value, target: target.value, breached };
  }

  #enter(stratum: string, value: number, strata: readonly string[]): void {
    let sample = this.samples.get(stratum);
    if (sample === undefined) {
      if (this.samples.size >= MAX_STRATA && strata.at(-1) !== stratum) return;
      sample = { recent: new Rolling(MAX_SAMPLE), alpha: TARGET_ALPHA, seen: 0, scored: 0, breached: 0 };
      this.samples.set(stratum, sample);
    }
    // Each stratum adapts to its own misses, also those that a narrower one answers for.
    const own = targetOf(this, strata.slice(strata.indexOf(stratum)));
    if (own.value !== null) {
      const missed = value > own.value;
      sample.alpha = adapt(sample.alpha, TARGET_ALPHA, missed, this.#gamma);
      sample.scored += 1;
      sample.breached += missed ? 1 : 0;
    }
    sample.seen += 1;
    sample.recent.push(value);
  }
}
