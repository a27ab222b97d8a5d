/**
 * Small lasting shifts of one agent: an EWMA control chart (schema/metric/statistic/ewma.ts) of how long its tasks took.
 * Each is scored against all closed tasks of the same role: a modified z-score of the logarithm, cut at ±3. The
 * settings are those by which the room raises its findings; the durations here are those of the hot state alone.
 */
import {
  chartLimit,
  chartNext,
  NEW_CHART,
  type ChartSettings,
} from "../../../schema/metric/statistic/ewma.ts";
import { modifiedZ, spreadOf } from "../../../schema/metric/statistic/deviation.ts";
import type { Task } from "../../../schema/state/entity/task.ts";

const CHART: ChartSettings = { lambda: 0.2, width: 4 };
const MAX_SCORE = 3;
/** Tasks of the role without which its middle says nothing. */
export const MIN_PEERS = 10;
/** The chart speaks from here on: until then it is the middle that moves. */
export const LEAST_SCORES = 20;

export interface DriftPoint {
  task: Task;
  duration_ms: number;
  value: number;
  limit: number;
  is_out: boolean;
}

export interface DriftChart {
  points: DriftPoint[];
  /** Tasks of the role that scores are held against. */
  peers: number;
  /** Whether there are enough points to speak of a drift. */
  speaks: boolean;
}

export function durationOf({ claimed_at, started_at, closed_at }: Task): number | null {
  const from = started_at ?? claimed_at;
  return from === null || closed_at === null || closed_at <= from ? null : closed_at - from;
}

/** Null: too few tasks of the role have a known duration, or none of its own. */
export function driftOf(agent: string, role: string | null, closed: readonly Task[]): DriftChart | null {
  const timed = closed
    .flatMap((task) => {
      const duration_ms = durationOf(task);
      return duration_ms === null ? [] : [{ task, duration_ms, log: Math.log(duration_ms) }];
    })
    .filter(({ task }) => role === null || task.role === role || task.assignee === agent);
  if (timed.length < MIN_PEERS) return null;
  const spread = spreadOf(timed.map(({ log }) => log).toSorted((a, b) => a - b));
  if (spread === null) return null;
  const own = timed
    .filter(({ task }) => task.assignee === agent)
    .toSorted((a, b) => (a.task.closed_at ?? 0) - (b.task.closed_at ?? 0));
  if (own.length === 0) return null;
  let chart = NEW_CHART;
  const points = own.map(({ task, duration_ms, log }) => {
    const score = modifiedZ(log, spread) ?? 0;
    chart = chartNext(chart, Math.max(-MAX_SCORE, Math.min(MAX_SCORE, score)), CHART);
    const limit = chartLimit(chart, CHART);
    return {
      task,
      duration_ms,
      value: chart.value,
      limit,
      is_out: chart.n >= LEAST_SCORES && Math.abs(chart.value) > limit,
    };
  });
  return { points, peers: timed.length, speaks: points.length >= LEAST_SCORES };
}
