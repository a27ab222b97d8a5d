/** What the project as a whole missed on each of its last whole days (schema/metric/days.ts). */
import { DAYS_ON_END, isMissed, type Days } from "../../../schema/metric/days.ts";
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Row } from "../../../schema/metric/measure.ts";

/** What it could say is told sooner, and of whom: agent_failed, agent_silent, telemetry_gap. Where heartbeats are few it is how busy a day was. */
const TOLD_OTHERWISE = "agent_uptime";

/** Metrics that were missed on every one of the days, as they were on the newest. */
export function missedAll(days: Days): Row[] {
  if (days.length < DAYS_ON_END) return [];
  return (days.at(-1)?.rows ?? []).filter(
    (row) =>
      row.metric !== TOLD_OTHERWISE &&
      days.every(({ rows }) => rows.some((then) => then.metric === row.metric && isMissed(then))),
  );
}

export const labelOf = (metric: string): string => findMetric(metric)?.label ?? metric;
