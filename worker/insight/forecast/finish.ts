/**
 * When a feature will be done: many imagined futures of the live graph (Monte Carlo), each with a drawn remaining time
 * for every open task it depends on, and with the agents there are now.
 *
 * A task that runs is drawn from those of its stratum that lasted longer than it has; where none did, it lasts as long
 * again as it has lasted (said as `beyond_sample`). Times are those of work, with agents to wait for; where too little
 * of that is known they are lead times, which hold the waiting already, and then nobody waits for agents.
 */
import { ascending } from "../../../schema/metric/statistic/order-statistic.ts";
import { quantile } from "../../../schema/metric/statistic/median.ts";
import { seeded, seedOf } from "../../../schema/metric/statistic/random.ts";
import type { Pool } from "../target/pool.ts";
import { strataOf } from "../target/stratum.ts";
import { LEAST_SAMPLE } from "../target/target.ts";
import { soFar, type WorkRecord } from "../work/record.ts";
import { graphOf, type WorkGraph } from "./graph.ts";
import { schedule, type Plan, type Schedule } from "./schedule.ts";

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
  /** When each open task of the feature itself will be done: middle and 80th percentile of the same futures, from now. */
  tasks: { id: string; p50_ms: number; p80_ms: number }[];
  /** Open tasks of the feature itself, of those scheduled, and running ones that outlasted their sample. */
  open: number;
  scheduled: number;
  beyond_sample: number;
  /** Dependencies left out because they form a cycle. */
  cycles: [string, string][];
  agents: number | null;
  /** Finished tasks that the times are drawn from: the smallest sample in use. */
  n: number;
  basis: "work" | "lead";
}

/** Null where nothing of it is open, or nothing was ever finished to draw from. */
export function finishOf(feature_id: string, live: Live): Finish | null {
  const graph = live.graph ?? graphOf(live.tasks);
  const own = graph.order.filter((task) => task.feature_id === feature_id);
  if (own.length === 0) return null;
  const basis = hasSample(live.work) ? "work" : "lead";
  const pool = basis === "work" ? live.work : live.lead;
  const queue = queueOf(graph, own);
  const samples = new Map<string, Remaining>();
  for (const task of queue) {
    const remaining = remainingOf(task, pool, live.now_ms);
    if (remaining === null) return null;
    samples.set(task.id, remaining);
  }
  const plan: Plan = {
    graph,
    queue: queue.map(({ id }) => id),
    running: new Set(
      basis === "lead" ? [] : queue.filter((task) => task.started_at !== null).map(({ id }) => id),
    ),
    capacity: basis === "lead" ? Infinity : Math.max(1, live.agents),
  };
  const random = seeded(seedOf(feature_id, live.seq));
  const pick = (id: string): number => {
    const { values_ms } = samples.get(id) ?? { values_ms: [] };
    return values_ms[Math.floor(random() * values_ms.length)] ?? 0;
  };
  const ids = own.map(({ id }) => id);
  const counts = new Map<string, number>();
  const ends_ms = new Map<string, number[]>(ids.map((id) => [id, []]));
  const draws_ms = ascending(
    Array.from({ length: DRAWS }, () => {
      const future = schedule(plan, pick);
      const last = lastOf(ids, future);
      for (const id of chainOf(last, future)) counts.set(id, (counts.get(id) ?? 0) + 1);
      for (const [id, ends] of ends_ms) ends.push(future.ends.get(id) ?? 0);
      return future.ends.get(last ?? "") ?? 0;
    }),
  );
  return {
    draws_ms,
    p50_ms: quantile(draws_ms, 0.5) ?? 0,
    p80_ms: quantile(draws_ms, 0.8) ?? 0,
    critical: [...counts]
      .map(([id, count]) => ({ id, share: count / DRAWS }))
      .sort((a, b) => b.share - a.share),
    tasks: [...ends_ms].map(([id, ends]) => {
      const sorted = ascending(ends);
      return { id, p50_ms: quantile(sorted, 0.5) ?? 0, p80_ms: quantile(sorted, 0.8) ?? 0 };
    }),
    open: own.length,
    scheduled: queue.length,
    beyond_sample: [...samples.values()].filter(({ is_beyond }) => is_beyond).length,
    cycles: graph.broken,
    agents: basis === "lead" ? null : Math.max(1, live.agents),
    n: Math.min(...[...samples.values()].map(({ n }) => n)),
    basis,
  };
}

const hasSample = (pool: Pool): boolean => (pool.sample("task")?.recent.values.length ?? 0) >= LEAST_SAMPLE;

interface Remaining {
  /** Equally likely. */
  values_ms: number[];
  n: number;
  is_beyond: boolean;
}

function remainingOf(task: WorkRecord, pool: Pool, now_ms: number): Remaining | null {
  const sample =
    strataOf(task)
      .map((stratum) => pool.sample(stratum))
      .find((one) => (one?.recent.values.length ?? 0) >= LEAST_SAMPLE) ?? pool.sample("task");
  if (sample === undefined || sample.recent.values.length === 0) return null;
  const elapsed = soFar(task, pool.measure, now_ms) ?? 0;
  const longer = sample.recent.values.filter((value) => value > elapsed).map((value) => value - elapsed);
  const is_beyond = longer.length === 0;
  return { values_ms: is_beyond ? [elapsed] : longer, n: sample.recent.values.length, is_beyond };
}

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

function lastOf(ids: readonly string[], { ends }: Schedule): string | null {
  let last: string | null = null;
  for (const id of ids) if (last === null || (ends.get(id) ?? 0) > (ends.get(last) ?? 0)) last = id;
  return last;
}

/** Back from a task over those that it waited for. */
function* chainOf(last: string | null, { after }: Schedule): Generator<string> {
  for (let id = last; id !== null; id = after.get(id) ?? null) yield id;
}
