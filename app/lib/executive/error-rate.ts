/**
 * The share of closed tasks that failed, over a day and the day before it, in half hours: read off the tasks of the
 * live state, so it follows the clock. No metric of the table counts it.
 */
import type { ProjectState } from "../../../schema/state/state.ts";

/** Of the specification: one closed task in twenty. */
export const ERROR_RATE_TARGET = 0.05;
export const WINDOW_MS = 24 * 3_600_000;
export const POINTS = 48;

export interface ErrorRate {
  /** Null: no task closed. */
  value: number | null;
  previous: number | null;
  /** Closed tasks that the value rests on. */
  n: number;
  values: (number | null)[];
  from: number;
  step_ms: number;
}

interface Count {
  failed: number;
  closed: number;
}

export function errorRate({ closed_tasks }: Pick<ProjectState, "closed_tasks">, now_ms: number): ErrorRate {
  const step_ms = WINDOW_MS / POINTS;
  const from = now_ms - WINDOW_MS;
  const steps = Array.from({ length: POINTS }, none);
  const [now, before] = [none(), none()];
  for (const { closed_at, status } of closed_tasks.values()) {
    if (closed_at === null || closed_at > now_ms || closed_at <= from - WINDOW_MS) continue;
    const failed = status === "failed" ? 1 : 0;
    add(closed_at > from ? now : before, failed);
    const step = steps[Math.ceil((closed_at - from) / step_ms) - 1];
    if (step !== undefined) add(step, failed);
  }
  return {
    value: share(now),
    previous: share(before),
    n: now.closed,
    values: steps.map(share),
    from,
    step_ms,
  };
}

const none = (): Count => ({ failed: 0, closed: 0 });
function add(count: Count, failed: number): void {
  count.failed += failed;
  count.closed += 1;
}
const share = ({ failed, closed }: Count): number | null => (closed === 0 ? null : failed / closed);
