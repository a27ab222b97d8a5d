/** Which targets have moved, to be told as events: one for each stratum whose target is not what it was. */
import type { Measure } from "../work/record.ts";
import type { Pool } from "./pool.ts";
import { targetOf, type Target } from "./target.ts";

/** A target that moved by less is the same to whoever reads it, and would fill the log. */
const LEAST_MOVE = 0.02;

export interface Recalibration extends Target {
  measure: Measure;
  value: number;
  /** Null: there was none. */
  previous: number | null;
}

export const targetKey = (measure: Measure, stratum: string): string => `${measure}·${stratum}`;

/** `previous`: value by `targetKey`. */
export function recalibrate(pool: Pool, previous: ReadonlyMap<string, number>): Recalibration[] {
  const moved: Recalibration[] = [];
  for (const stratum of pool.samples.keys()) {
    const target = targetOf(pool, [stratum, ...wider(stratum)]);
    if (target.value === null) continue;
    const before = previous.get(targetKey(pool.measure, stratum)) ?? null;
    if (before !== null && Math.abs(target.value - before) <= LEAST_MOVE * before) continue;
    moved.push({ ...target, measure: pool.measure, value: target.value, previous: before });
  }
  return moved;
}

/** The strata above one. */
export function wider(stratum: string): string[] {
  const parts = stratum.split("·");
  const above: string[] = [];
  for (let length = parts.length - 1; length > 0; length--)
    if (length > 1 ? parts[1] !== "any" : true) above.push(parts.slice(0, length).join("·"));
  return above;
}
