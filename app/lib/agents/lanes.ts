/** An agent's tasks over time: each a bar from its start to its end, in as few lanes as overlap allows. */
import type { Task } from "../../../schema/state/entity/task.ts";

export interface Bar {
  task: Task;
  lane: number;
  /** Shares of the width, 0 to 1. */
  from: number;
  to: number;
  /** Under way: the bar ends because now does. */
  open: boolean;
}

export interface Lanes {
  bars: Bar[];
  lanes: number;
  /** Beyond MAX_BARS, the oldest. */
  omitted: number;
}

/** Bars that can still be told apart on a screen. */
const MAX_BARS = 200;
const MAX_LANES = 12;

export function lanesOf(tasks: readonly Task[], from_ms: number, to_ms: number): Lanes {
  const spans = tasks
    .flatMap((task) => {
      const begin = task.started_at ?? task.claimed_at;
      const end = task.closed_at ?? to_ms;
      return begin === null || end < from_ms || begin > to_ms
        ? []
        : [{ task, begin, end: Math.max(begin, end) }];
    })
    .toSorted((a, b) => b.begin - a.begin);
  const shown = spans.slice(0, MAX_BARS).toReversed();
  const ends: number[] = [];
  const share = (ms: number) => Math.min(1, Math.max(0, (ms - from_ms) / (to_ms - from_ms || 1)));
  const bars: Bar[] = [];
  for (const { task, begin, end } of shown) {
    let lane = ends.findIndex((free_at) => free_at <= begin);
    if (lane < 0) lane = ends.length < MAX_LANES ? ends.length : MAX_LANES - 1;
    ends[lane] = Math.max(ends[lane] ?? 0, end);
    bars.push({ task, lane, from: share(begin), to: share(end), open: task.closed_at === null });
  }
  return { bars, lanes: ends.length, omitted: spans.length - shown.length };
}
