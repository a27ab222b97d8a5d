/**
 * "Performance Improvement Plan required", the one rule of it. Whoever watches the project says its answer as
 * pip_opened and pip_closed (worker/governance/alert/plan.ts), and every page, command and link shows what these made
 * of the agent (`AgentPip`): nobody judges a second time.
 *
 *   begins   three failed tasks in a row, or DAYS_ON_END whole days (UTC) below a target of PIP_METRICS, each by a
 *            tenth and with DAY_SAMPLE things behind it, that the project as a whole does not miss
 *   stands   until it ends, whatever else is missed meanwhile: silence ends nothing
 *   ends     a success after the failures, or a whole day with enough behind it that meets the target
 *
 * What became so more than PIP_NEWS_MS ago and was not said then is history that an importer brought: it begins nothing.
 */
import type { Agent, AgentPip } from "../state/entity/agent.ts";
import type { Task } from "../state/entity/task.ts";
import { DAY_SAMPLE, DAYS_ON_END, isMissed, PIP_METRICS, type Day, type Days } from "./days.ts";
import type { Row } from "./measure.ts";

/** By chance alone an agent that fails one task in ten fails three in a row once in a thousand. */
export const PIP_FAILURES = 3;
/** ms. A day: what nobody said for so long wakes nobody any more. */
export const PIP_NEWS_MS = 86_400_000;
/** The metric of a plan that failed tasks ask for. */
export const FAILED_TASKS = "failed_tasks";

export interface Plan {
  /** A metric's id, or FAILED_TASKS. */
  metric: string;
  /** In the metric's unit, or how many tasks failed in a row, and what that is held against. */
  value: number | null;
  target: number | null;
  samples: number | null;
  /** When the first of what it rests on happened, and when that became enough, ms. */
  since_ms: number;
  became_ms: number;
  /** Seqs of events that say so. */
  evidence: readonly number[];
}

/** Of an agent with a plan: it begins now, or goes on, or is over. */
export interface Standing {
  is: "begun" | "standing" | "over";
  plan: Plan;
}

/** Seqs that a plan names: a person reads some. */
const MAX_EVIDENCE = 5;

export interface Team {
  agents: Iterable<Pick<Agent, "id" | "pip">>;
  /** Open ones tell nothing. */
  tasks: Iterable<Task>;
  days: Days;
  now_ms: number;
}

/** By agent; who is not in it has none. */
export function plansOf({ agents, tasks, days, now_ms }: Team): Map<string, Standing> {
  const closed = closedByAgent(tasks);
  const plans = new Map<string, Standing>();
  for (const { id, pip } of agents) {
    const own = closed.get(id) ?? [];
    const required = requiredOf(id, own, days);
    if (pip === null) {
      if (required !== null && required.became_ms > now_ms - PIP_NEWS_MS)
        plans.set(id, { is: "begun", plan: required });
    } else if (required?.metric === pip.metric) plans.set(id, { is: "standing", plan: required });
    else plans.set(id, { is: isOver(pip, own, days, id) ? "over" : "standing", plan: planOf(pip) });
  }
  return plans;
}

/** Those of one agent that failed since its last success, the newest first; none where it succeeded last. */
export function failedInARow(tasks: Iterable<Task>): Task[] {
  const failed: Task[] = [];
  let success_ms = -Infinity;
  for (const task of tasks) {
    if (task.closed_at === null) continue;
    if (task.status === "failed") failed.push(task);
    else success_ms = Math.max(success_ms, task.closed_at);
  }
  return newestFirst(failed.filter(({ closed_at }) => (closed_at ?? 0) > success_ms));
}

function requiredOf(agent_id: string, own: readonly Task[], days: Days): Plan | null {
  const failed = failedInARow(own);
  if (failed.length >= PIP_FAILURES)
    return {
      metric: FAILED_TASKS,
      value: failed.length,
      target: PIP_FAILURES - 1,
      samples: own.length,
      since_ms: failed.at(-1)?.closed_at ?? 0,
      became_ms: failed.at(-PIP_FAILURES)?.closed_at ?? 0,
      evidence: failed
        .slice(-MAX_EVIDENCE)
        .map(({ last_seq }) => last_seq)
        .toReversed(),
    };
  const [first] = days;
  const newest = days.at(-1);
  if (first === undefined || newest === undefined || days.length < DAYS_ON_END) return null;
  for (const metric of PIP_METRICS) {
    const row = rowOf(newest, agent_id, metric);
    if (row === undefined || !days.every((day) => isAgentsMiss(day, agent_id, metric))) continue;
    return {
      metric,
      value: row.value,
      target: row.target?.value ?? null,
      samples: row.n,
      since_ms: first.from_ms,
      became_ms: newest.to_ms,
      evidence: newestFirst(own)
        .slice(0, MAX_EVIDENCE)
        .map(({ last_seq }) => last_seq)
        .toReversed(),
    };
  }
  return null;
}

/** What all miss is the project's matter, and no agent's. */
function isAgentsMiss(day: Day, agent_id: string, metric: string): boolean {
  const row = rowOf(day, agent_id, metric);
  if (row === undefined || !isMissed(row)) return false;
  return !day.rows.some((all) => all.metric === metric && all.status === "missed");
}

function isOver(pip: AgentPip, own: readonly Task[], days: Days, agent_id: string): boolean {
  if (pip.metric === FAILED_TASKS)
    return own.some(({ status }) => status !== "failed") && failedInARow(own).length === 0;
  return days.some((day) => {
    const row = rowOf(day, agent_id, pip.metric);
    return row?.status === "met" && row.n >= DAY_SAMPLE && day.from_ms >= (pip.since ?? 0);
  });
}

/** One that was opened, and whose figures are not known any more. */
function planOf({ metric, value, target, since, opened_at, seq }: AgentPip): Plan {
  const since_ms = since ?? opened_at;
  return { metric, value, target, samples: null, since_ms, became_ms: opened_at, evidence: [seq] };
}

const rowOf = ({ by_agent }: Day, agent_id: string, metric: string): Row | undefined =>
  by_agent.get(agent_id)?.find((row) => row.metric === metric);

function closedByAgent(tasks: Iterable<Task>): Map<string, Task[]> {
  const found = new Map<string, Task[]>();
  for (const task of tasks) {
    if (task.assignee === null || task.closed_at === null) continue;
    const own = found.get(task.assignee);
    if (own === undefined) found.set(task.assignee, [task]);
    else own.push(task);
  }
  return found;
}

function newestFirst(tasks: readonly Task[]): Task[] {
  return tasks.toSorted((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
}
