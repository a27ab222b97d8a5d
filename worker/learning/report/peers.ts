/**
 * Like work, finished before: the narrowest stratum (kind, complexity) that holds enough of it. A report compares
 * with what was known when its feature ended, so it stays the same however the project goes on.
 */
import { quantile } from "../../../schema/metric/statistic/median.ts";
import { ascending } from "../../../schema/metric/statistic/order-statistic.ts";
import { strataOf, stratumWords } from "../../insight/target/stratum.ts";
import { measured, type Measure, type WorkRecord } from "../../insight/work/record.ts";

/** Things alike that a comparison rests on at least: with fewer, one more would move their median by much. */
export const MIN_PEERS = 10;

export interface Like {
  n: number;
  median: number;
  p10: number;
  p80: number;
  p90: number;
  /** "simple bug tasks". */
  words: string;
}

export class Peers {
  readonly #records: readonly WorkRecord[];
  readonly #found = new Map<string, Like | null>();

  constructor(records: readonly WorkRecord[]) {
    this.#records = records;
  }

  /** Null where there is too little that is alike. */
  like(record: WorkRecord, measure: Measure): Like | null {
    for (const stratum of strataOf(record)) {
      const found = this.#like(stratum, measure);
      if (found !== null) return found;
    }
    return null;
  }

  #like(stratum: string, measure: Measure): Like | null {
    const key = `${measure} ${stratum}`;
    let found = this.#found.get(key);
    if (found === undefined) {
      found = describe(this.#valuesOf(stratum, measure), stratumWords(stratum));
      this.#found.set(key, found);
    }
    return found;
  }

  #valuesOf(stratum: string, measure: Measure): number[] {
    const values: number[] = [];
    for (const record of this.#records) {
      if (!strataOf(record).includes(stratum)) continue;
      const value = measured(record, measure);
      if (value.ok) values.push(value.value);
    }
    return values;
  }
}

function describe(values: readonly number[], words: string): Like | null {
  if (values.length < MIN_PEERS) return null;
  const sorted = ascending(values);
  const at = (level: number) => quantile(sorted, level) ?? 0;
  const median = at(0.5);
  if (!(median > 0)) return null;
  return { n: sorted.length, median, p10: at(0.1), p80: at(0.8), p90: at(0.9), words };
}
