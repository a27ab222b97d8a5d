/**
 * While a task runs: the probability that it will end beyond its target, P(T > target | T > elapsed), from the
 * survival curve of its stratum, where other running tasks count as censored.
 */
import { survivalOf, survivingFrom, type Lifetime } from "../../../schema/metric/statistic/survival.ts";
import { measured, soFar, type WorkRecord } from "../work/record.ts";
import type { Pool } from "./pool.ts";
import { strataOf } from "./stratum.ts";
import { LEAST_SAMPLE, targetOf } from "./target.ts";

export interface BreachRisk {
  /** Null: nothing in the sample lasted as long, or there is none. 1 once it is over its target. */
  probability: number | null;
  target: number | null;
  elapsed: number | null;
  stratum: string;
  /** Finished ones, and running ones that count for as long as they have run. */
  n: number;
  censored: number;
}

/** `running`: the open work of the project, itself included or not. */
export function breachRisk(
  pool: Pool,
  record: WorkRecord,
  running: readonly WorkRecord[],
  now_ms: number,
): BreachRisk {
  const strata = strataOf(record);
  const target = targetOf(pool, strata);
  const elapsed = soFar(record, pool.measure, now_ms);
  const stratum =
    strata.find((one) => (pool.sample(one)?.recent.values.length ?? 0) >= LEAST_SAMPLE) ??
    strata.at(-1) ??
    "";
  const ended = (pool.sample(stratum)?.recent.values ?? []).map((duration): Lifetime => ({
    duration,
    ended: true,
  }));
  const alive = running.flatMap((other): Lifetime[] => {
    if (other.id === record.id || measured(other, pool.measure).ok) return [];
    if (other.outcome !== "open" || !strataOf(other).includes(stratum)) return [];
    const duration = soFar(other, pool.measure, now_ms);
    return duration === null || duration === 0 ? [] : [{ duration, ended: false }];
  });
  const base = { target: target.value, elapsed, stratum, n: ended.length, censored: alive.length };
  if (target.value === null || elapsed === null) return { ...base, probability: null };
  if (elapsed > target.value) return { ...base, probability: 1 };
  return { ...base, probability: survivingFrom(survivalOf([...ended, ...alive]), elapsed, target.value) };
}
