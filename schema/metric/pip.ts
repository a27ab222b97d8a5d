/**
 * "Performance Improvement Plan required": three tasks in a row failed, or a target was missed for PIP_WINDOWS
 * windows on end, each with enough behind it. Tells which metric, by how much, and since when.
 */
import type { Task } from "../state/state.ts";
import type { Row } from "./measure.ts";

export const PIP_FAILURES = 3;
export const PIP_WINDOWS = 3;
/** Things that each window's value rests on: below it a window says nothing. */
export const PIP_SAMPLE = 5;

export interface Pip {
  /** A metric's id, or `failed_tasks`. */
  metric: string;
  /** How far the newest value is from its target, or how many tasks failed in a row. */
  gap: number;
  /** ms: when the first of the failed tasks closed, or the first of the missed windows began. */
  since_ms: number;
}

/** `tasks` of one agent, in any order; `windows` of it, the oldest first, without a gap. */
export function pipOf(
  tasks: Iterable<Task>,
  windows: readonly { from_ms: number; rows: readonly Row[] }[],
): Pip | null {
  return failuresInARow(tasks) ?? missedOnEnd(windows);
}

function failuresInARow(tasks: Iterable<Task>): Pip | null {
  const failed: number[] = [];
  let success_ms = -Infinity;
  for (const { status, closed_at } of tasks) {
    if (closed_at === null) continue;
    if (status === "failed") failed.push(closed_at);
    else success_ms = Math.max(success_ms, closed_at);
  }
  const since = failed.filter((closed_at) => closed_at > success_ms);
  if (since.length < PIP_FAILURES) return null;
  return { metric: "failed_tasks", gap: since.length, since_ms: Math.min(...since) };
}

function missedOnEnd(windows: readonly { from_ms: number; rows: readonly Row[] }[]): Pip | null {
  const newest = windows.at(-1);
  for (const row of newest?.rows ?? []) {
    const { metric, value, target } = row;
    if (value === null || target === null) continue;
    let missed = 0;
    let since_ms = 0;
    for (const { from_ms, rows } of windows.toReversed()) {
      const then = rows.find((one) => one.metric === metric);
      if (then?.status !== "missed" || then.n < PIP_SAMPLE) break;
      missed += 1;
      since_ms = from_ms;
    }
    if (missed >= PIP_WINDOWS) return { metric, gap: value - target.value, since_ms };
  }
  return null;
}
