/**
 * When a feature will be done: many imagined futures of the live graph (Monte Carlo), each with a drawn remaining time
 * for every open task it depends on, and with the agents there are now.
 *
 * A task that runs is drawn from those of its stratum that lasted longer than it has (`remaining.ts`). Times are those of work, with agents to wait for; where too little
 * of that is known they are lead times, which hold the waiting already, and then nobody waits for agents.
 */
import { ascending } from "../../../schema/metric/statistic/order-statistic.ts";
import { quantile } from "../../../schema/metric/statistic/median.ts";
import { seeded, seedOf } from "../../../schema/metric/statistic/random.ts";
import type { Pool } from "../target/pool.ts";
import { LEAST_SAMPLE } from "../target/target.ts";
import type { WorkRecord } from "../work/record.ts";
import { graphOf, type WorkGraph } from "./graph.ts";
import { remainingOf, type Remaining } from "./remaining.ts";
import { Scheduler, type Plan, type Schedule } from "./schedule.ts";

/** Futures. The 80th percentile of 200 draws is off by at most three points of percentile in two of three runs. */
const DRAWS = 200;
/** Open tasks that are scheduled together: the feature's own and what they wait for come first, then what is ahead of them. */
const MAX_TASKS = 150;

export interface Live {
  /** The state's; part of the seed. */
  seq: number;
  now_ms: number;
  /** All known tasks; closed ones are left out. */
  tasks: readonly WorkRecord[];
  /** Of these tasks, where it was made already, for several features. */
  graph?: WorkGraph;
  /** The times of a feature's single tasks are not asked for. */
  whole_only?: true;
  /** Agents that are active now. */
  agents: number;
  work: Pool;
  lead: Pool;
}

export interface Finish {
  /** From now, ms; ascending. */
  draws_ms: number[];
  p50_ms: number;
  p80_ms: number;
  /** The tasks that most often decide the end: the share of futures in which each lay on the longest chain. */
  critical: { id: string; share: number }[];
  /** When each open task of the feature itself will be done, unless `whole_only`: middle and 80th percentile of the same futures, from now. */
  tasks: { id: string; p50_ms: number; p80_ms: number }[];
  /** Open tasks of the feature itself, those scheduled with them, and its own that outlasted their sample. */
  open: number;
  scheduled: number;
  beyond_sample: number;
  /** Dependencies left out because they form a cycle. */
  cycles: [string, string][];
  /** Dependencies left out because they are too many to follow. */
  omitted: number;
  agents: number | null;
  /** Finished tasks that the times are drawn from: the smallest sample in use. */
  n: number;
  basis: "work" | "lead";
}

/** Null where nothing of it is open, or nothing was ever finished to draw from. */
export function finishOf(feature_id: string, live: Live): Finish | null {
  return finishOfAll([feature_id], live);
}

/** When the last of these features will be done, with the same agents for all of them. */
export function finishOfAll(feature_ids: readonly string[], live: Live): Finish | null {
  const graph = live.graph ?? graphOf(live.tasks);
  const wanted = new Set(feature_ids);
  const own = graph.order.filter((task) => task.feature_id !== null && wanted.has(task.feature_id));
  if (own.length === 0) return null;
  const basis = hasSample(live.work) ? "work" : "lead";
  const pool = basis === "work" ? live.work : live.lead;
  const queue = queueOf(graph, own);
  const samples: Remaining[] = [];
  for (const task of queue) {
    const remaining = remainingOf(task, pool, live);
    if (remaining === null) return null;
    samples.push(remaining);
  }
  const plan: Plan = {
    graph,
    queue: queue.map(({ id }) => id),
    running: new Set(
      basis === "lead" ? [] : queue.filter((task) => task.started_at !== null).map(({ id }) => id),
    ),
    capacity: basis === "lead" ? Infinity : Math.max(1, live.agents),
  };
  const random = seeded(seedOf(feature_ids.join("\n"), live.seq));
  const pick = (index: number): number => {
    const { values_ms } = samples[index] ?? { values_ms: [] };
    return values_ms[Math.floor(random() * values_ms.length)] ?? 0;
  };
  const scheduler = new Scheduler(plan);
  const is_own = new Set(own.map(({ id }) => id));
  const places = queue.flatMap(({ id }, index) => (is_own.has(id) ? [index] : []));
  const counts = new Map<number, number>();
  const ends_ms = new Map<number, number[]>(
    live.whole_only === true ? [] : places.map((index) => [index, []]),
  );
  const draws_ms = ascending(
    Array.from({ length: DRAWS }, () => {
      const future = scheduler.run(pick);
      const last = lastOf(places, future);
      for (const index of chainOf(last, future)) counts.set(index, (counts.get(index) ?? 0) + 1);
      for (const [index, ends] of ends_ms) ends.push(endOf(future, index));
      return last === null ? 0 : endOf(future, last);
    }),
  );
  const idAt = (index: number): string => queue[index]?.id ?? "";
  return {
    draws_ms,
    p50_ms: quantile(draws_ms, 0.5) ?? 0,
    p80_ms: quantile(draws_ms, 0.8) ?? 0,
    critical: [...counts]
      .map(([index, count]) => ({ id: idAt(index), share: count / DRAWS }))
      .sort((a, b) => b.share - a.share),
    tasks: [...ends_ms].map(([index, ends]) => {
      const sorted = ascending(ends);
      return { id: idAt(index), p50_ms: quantile(sorted, 0.5) ?? 0, p80_ms: quantile(sorted, 0.8) ?? 0 };
    }),
    open: own.length,
    scheduled: queue.length,
    beyond_sample: places.filter((index) => samples[index]?.is_beyond === true).length,
    cycles: graph.broken,
    omitted: graph.omitted,
    agents: basis === "lead" ? null : Math.max(1, live.agents),
    n: Math.min(...samples.map(({ n }) => n)),
    basis,
  };
}

const hasSample = (pool: Pool): boolean => (pool.sample("task")?.recent.values.length ?? 0) >= LEAST_SAMPLE;

/** The feature's tasks and all they wait for, then others, each by urgency and age: the order in which agents take them. */
function queueOf(graph: WorkGraph, own: readonly WorkRecord[]): WorkRecord[] {
  const known = new Map(graph.order.map((task) => [task.id, task]));
  const needed = new Set<string>();
  const pending = own.map(({ id }) => id);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    pending.push(...(graph.waits_for.get(id) ?? []));
  }
  const byAge = (a: WorkRecord, b: WorkRecord) => (a.created_at ?? 0) - (b.created_at ?? 0);
  const first = [...needed].flatMap((id) => known.get(id) ?? []).sort(byAge);
  // What others need for theirs would have to come along, so of the rest only what runs holds agents.
  const others = graph.order
    .filter(({ id, started_at }) => !needed.has(id) && started_at !== null)
    .sort(byAge);
  return [...first, ...others.slice(0, Math.max(0, MAX_TASKS - first.length))].slice(
    0,
    Math.max(MAX_TASKS, first.length),
  );
}

const endOf = ({ ends }: Schedule, index: number): number => {
  const end = ends[index] ?? NaN;
  return Number.isNaN(end) ? 0 : end;
};

function lastOf(places: readonly number[], future: Schedule): number | null {
  let last: number | null = null;
  for (const index of places) if (last === null || endOf(future, index) > endOf(future, last)) last = index;
  return last;
}

/** Back from a task over those that it waited for. */
function* chainOf(last: number | null, { after }: Schedule): Generator<number> {
  for (let index = last ?? -1; index >= 0; index = after[index] ?? -1) yield index;
}
