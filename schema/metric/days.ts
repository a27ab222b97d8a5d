/**
 * The last whole days (UTC) as the metrics measure them, for what is judged by several windows on end. Whoever watches
 * a project measures them once a day, and anew after the memory was lost: late events of a day that is over change the
 * metrics and none of this.
 */
import type { Ask, Known } from "./ask.ts";
import { measure, type Row } from "./measure.ts";
import { DAY_MS, floorTo } from "./slot.ts";

/** Windows on end that make a miss more than a bad day. */
export const DAYS_ON_END = 3;
/** Things that each window's value rests on: below it a window says nothing. */
export const DAY_SAMPLE = 5;

/**
 * A plan is for what an agent does itself: not for what the product's coverage is, nor for how steadily its machine
 * runs.
 */
export const PIP_METRICS: readonly string[] = [
  "reviewer_cycles",
  "lint_pass_rate",
  "escalation_rate",
  "retry_budget_exhaustion",
];

/**
 * A miss counts from a tenth of the target on. What stands exactly at its target misses every second day, and three
 * days on end once in eight: nobody is to be woken by that.
 */
const MARGIN = 0.1;

export interface Day {
  from_ms: number;
  to_ms: number;
  /** Of the whole project. */
  rows: readonly Row[];
  /** PIP_METRICS alone. */
  by_agent: ReadonlyMap<string, readonly Row[]>;
}
/** The oldest first. */
export type Days = readonly Day[];

export function measureDays(
  known: () => Known,
  now_ms: number,
  { targets }: Pick<Ask, "targets"> = {},
): Day[] {
  const today = floorTo(now_ms, DAY_MS);
  return Array.from({ length: DAYS_ON_END }, (_, i) => {
    const from_ms = today - (DAYS_ON_END - i) * DAY_MS;
    const window = { from: from_ms, to: from_ms + DAY_MS };
    const agents = measure(known(), { now_ms, window, by: "agent", metrics: PIP_METRICS, targets });
    const by_agent = new Map<string, Row[]>();
    for (const row of agents.rows) {
      if (row.group === null) continue;
      const rows = by_agent.get(row.group) ?? [];
      rows.push(row);
      by_agent.set(row.group, rows);
    }
    return { from_ms, to_ms: window.to, rows: measure(known(), { now_ms, window, targets }).rows, by_agent };
  });
}

/** By more than luck, and resting on enough. */
export function isMissed({ status, n, value, target }: Row): boolean {
  if (status !== "missed" || n < DAY_SAMPLE || value === null || target === null) return false;
  return Math.abs(value - target.value) >= MARGIN * Math.abs(target.value);
}
