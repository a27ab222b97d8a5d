/**
 * The last whole days (UTC) as the metrics measure them, for what is judged by several windows on end. Measured once a
 * day, and anew after the memory was lost: late events of a day that is over change the metrics and none of this.
 */
import { findMetric } from "../../../schema/metric/definition.ts";
import { measure, type Known, type Row } from "../../../schema/metric/measure.ts";
import { PIP_SAMPLE, PIP_WINDOWS } from "../../../schema/metric/pip.ts";
import { DAY_MS, floorTo } from "../../../schema/metric/slot.ts";

export interface Day {
  from_ms: number;
  to_ms: number;
  /** Of the whole project. */
  rows: readonly Row[];
  by_agent: ReadonlyMap<string, readonly Row[]>;
}
export type Days = readonly Day[];

/**
 * A plan is for what an agent does itself: not for what the product's coverage is, nor for how steadily its machine
 * runs.
 */
export const AGENT_METRICS = [
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

export function measureDays(known: () => Known, now_ms: number): Day[] {
  const today = floorTo(now_ms, DAY_MS);
  return Array.from({ length: PIP_WINDOWS }, (_, i) => {
    const from_ms = today - (PIP_WINDOWS - i) * DAY_MS;
    const window = { from: from_ms, to: from_ms + DAY_MS };
    const by_agent = new Map<string, Row[]>();
    const agents = measure(known(), { now_ms, window, by: "agent", metrics: AGENT_METRICS });
    for (const row of agents.rows) {
      if (row.group === null) continue;
      const rows = by_agent.get(row.group) ?? [];
      rows.push(row);
      by_agent.set(row.group, rows);
    }
    return { from_ms, to_ms: window.to, rows: measure(known(), { now_ms, window }).rows, by_agent };
  });
}

/** By more than luck, and resting on enough. */
export function isMissed({ status, n, value, target }: Row): boolean {
  if (status !== "missed" || n < PIP_SAMPLE || value === null || target === null) return false;
  return Math.abs(value - target.value) >= MARGIN * Math.abs(target.value);
}

/** What it could say is told sooner, and of whom: agent_failed, agent_silent, telemetry_gap. Where heartbeats are few it is how busy a day was. */
const TOLD_OTHERWISE = "agent_uptime";

/** Metrics that were missed on every one of the days, as they were on the newest. */
export function missedAll(days: Days): Row[] {
  if (days.length < PIP_WINDOWS) return [];
  return (days.at(-1)?.rows ?? []).filter(
    (row) =>
      row.metric !== TOLD_OTHERWISE &&
      days.every(({ rows }) => rows.some((then) => then.metric === row.metric && isMissed(then))),
  );
}

export const labelOf = (metric: string): string => findMetric(metric)?.label ?? metric;
