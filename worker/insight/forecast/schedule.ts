/**
 * One imagined future: every open task takes a drawn time, agents take the most urgent task that waits for nothing
 * (list scheduling, Graham 1969), and what runs already has an agent.
 */
import type { WorkGraph } from "./graph.ts";

export interface Schedule {
  /** When each task ends, ms from now. */
  ends: Map<string, number>;
  /** The task whose end let it begin; null: it began at once, or waited for an agent only. */
  after: Map<string, string | null>;
}

export interface Plan {
  graph: WorkGraph;
  /** Ids in the order in which agents take them up. */
  queue: readonly string[];
  running: ReadonlySet<string>;
  /** Agents; infinite where the drawn times hold the waiting already. */
  capacity: number;
}

export function schedule(plan: Plan, remaining_ms: (id: string) => number): Schedule {
  const { graph, queue, running } = plan;
  const ends = new Map<string, number>();
  const after = new Map<string, string | null>();
  /** When each agent is free, ms; those at work come back when they are done. */
  const free: number[] = [];
  for (const id of running) {
    const end = remaining_ms(id);
    ends.set(id, end);
    after.set(id, null);
    free.push(end);
  }
  const capacity = Math.max(1, plan.capacity);
  if (capacity !== Infinity) for (let spare = capacity - free.length; spare > 0; spare--) free.push(0);
  // More at work than there are agents: the surplus does not come back for more.
  free.sort((a, b) => a - b).splice(Number.isFinite(capacity) ? capacity : free.length);

  let waiting = queue.filter((id) => !running.has(id));
  while (waiting.length > 0) {
    let chosen: { id: string; start: number; last: string | null } | null = null;
    const soonest = capacity === Infinity ? 0 : (free[0] ?? 0);
    for (const id of waiting) {
      const ready = readyAt(graph.waits_for.get(id) ?? [], ends);
      if (ready === null) continue;
      const start = Math.max(soonest, ready.at);
      if (chosen === null || start < chosen.start)
        chosen = { id, start, last: ready.at >= soonest ? ready.last : null };
      if (start <= soonest) break;
    }
    // A graph without cycles always has one.
    if (chosen === null) break;
    const { id, start, last } = chosen;
    const end = start + remaining_ms(id);
    ends.set(id, end);
    after.set(id, last);
    if (capacity !== Infinity) takeAgent(free, end);
    waiting = waiting.filter((other) => other !== id);
  }
  return { ends, after };
}

/** When all that it waits for is over, and which was the last; null where one has no end yet. */
function readyAt(
  needed: readonly string[],
  ends: ReadonlyMap<string, number>,
): { at: number; last: string | null } | null {
  let at = 0;
  let last: string | null = null;
  for (const id of needed) {
    const end = ends.get(id);
    if (end === undefined) return null;
    if (end > at) [at, last] = [end, id];
  }
  return { at, last };
}

/** The agent that is free first is free again at `end`. */
function takeAgent(free: number[], end: number): void {
  free.shift();
  let index = free.findIndex((other) => other > end);
  if (index < 0) index = free.length;
  free.splice(index, 0, end);
}
