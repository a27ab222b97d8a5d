/**
 * Agents of whom a Performance Improvement Plan is required, by the rule of schema/metric/pip.ts, and the events that
 * say so. What all agents miss is the project's matter (rule/target-missed.ts) and no agent's.
 *
 *   closed tasks, days ─▶ required ─▶ opened, where the state has none ── over ─▶ closed
 */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { PIP_FAILURES, PIP_SAMPLE, pipOf } from "../../../schema/metric/pip.ts";
import type { Agent, AgentPip, ProjectState, Task } from "../../../schema/state/state.ts";
import { isMissed, type Days } from "./days.ts";
import { NEWS_MS } from "./news.ts";

const ORGAN = "performance";
export const FAILED_TASKS = "failed_tasks";

export interface Plan {
  metric: string;
  value: number | null;
  target: number | null;
  samples: number | null;
  /** When the first of what it rests on happened, and when that became enough, ms. */
  since_ms: number;
  became_ms: number;
  evidence: readonly number[];
}

/** Seqs that a plan names: a person reads some. */
const MAX_EVIDENCE = 5;

function plansOf(
  state: ProjectState,
  closed: ReadonlyMap<string, readonly Task[]>,
  days: Days,
): Map<string, Plan> {
  const plans = new Map<string, Plan>();
  for (const agent of state.agents.values()) {
    const tasks = closed.get(agent.id) ?? [];
    const windows = days.map(({ from_ms, rows, by_agent }) => ({
      from_ms,
      rows: (by_agent.get(agent.id) ?? []).filter(
        (row) => isMissed(row) && !rows.some((all) => all.metric === row.metric && all.status === "missed"),
      ),
    }));
    const pip = pipOf(tasks, windows);
    if (pip === null) continue;
    if (pip.metric === FAILED_TASKS) {
      const failed = newestFirst(tasks).slice(0, pip.gap);
      plans.set(agent.id, {
        metric: FAILED_TASKS,
        value: pip.gap,
        target: PIP_FAILURES - 1,
        samples: tasks.length,
        since_ms: pip.since_ms,
        became_ms: failed.at(-PIP_FAILURES)?.closed_at ?? 0,
        evidence: failed.map(({ last_seq }) => last_seq).toReversed(),
      });
      continue;
    }
    const newest = days
      .at(-1)
      ?.by_agent.get(agent.id)
      ?.find(({ metric }) => metric === pip.metric);
    if (newest?.value === undefined || newest.value === null || newest.target === null) continue;
    plans.set(agent.id, {
      metric: pip.metric,
      value: newest.value,
      target: newest.target.value,
      samples: newest.n,
      since_ms: pip.since_ms,
      became_ms: days.at(-1)?.to_ms ?? 0,
      evidence: newestFirst(tasks)
        .slice(0, MAX_EVIDENCE)
        .map(({ last_seq }) => last_seq)
        .toReversed(),
    });
  }
  return plans;
}

/** Plans that stand now, and what is to be said of those that begin and end: nothing that the state has already. */
export function standingPlans(
  state: ProjectState,
  days: Days,
  now_ms: number,
): { plans: Map<string, Plan>; events: OwnEvent[] } {
  const closed = closedByAgent(state);
  const required = plansOf(state, closed, days);
  const plans = new Map<string, Plan>();
  const events: OwnEvent[] = [];
  for (const agent of state.agents.values()) {
    const plan = required.get(agent.id);
    const { pip } = agent;
    const is_over =
      pip !== null && plan?.metric !== pip.metric && isOver(pip, closed.get(agent.id) ?? [], days, agent.id);
    if (is_over) events.push(ended(agent, pip, now_ms));
    else if (pip !== null) plans.set(agent.id, plan?.metric === pip.metric ? plan : planOf(pip));
    else if (plan !== undefined && plan.became_ms > now_ms - NEWS_MS) {
      events.push(opened(agent, plan, now_ms));
      plans.set(agent.id, plan);
    }
  }
  return { plans, events };
}

/** One that was opened, and whose figures are not known any more. */
function planOf({ metric, value, target, since, opened_at, seq }: AgentPip): Plan {
  const since_ms = since ?? opened_at;
  return { metric, value, target, samples: null, since_ms, became_ms: opened_at, evidence: [seq] };
}

/** A success ends it, or a day with enough behind it on which the target was met. Silence does not. */
function isOver(pip: AgentPip, tasks: readonly Task[], days: Days, agent_id: string): boolean {
  if (pip.metric === FAILED_TASKS) return newestFirst(tasks)[0]?.status !== "failed" && tasks.length > 0;
  return days.some(({ from_ms, by_agent }) => {
    const row = by_agent.get(agent_id)?.find(({ metric }) => metric === pip.metric);
    return row?.status === "met" && row.n >= PIP_SAMPLE && from_ms >= (pip.since ?? 0);
  });
}

function figuresOf(figures: Pick<Plan, "value" | "target" | "samples">): { [key: string]: number } {
  return Object.fromEntries(
    Object.entries(figures).filter((figure): figure is [string, number] => figure[1] !== null),
  );
}

const iso = (time_ms: number): string => new Date(time_ms).toISOString();

function opened({ id, role }: Agent, plan: Plan, now_ms: number): OwnEvent {
  const { metric, value, target, samples, since_ms, evidence } = plan;
  return {
    organ: ORGAN,
    cause: ["pip", id, metric, since_ms],
    event_type: "pip_opened",
    timestamp: iso(now_ms),
    metadata: {
      ...{ agent: id, metric, since: iso(since_ms), evidence: evidence.map(String) },
      ...(role === null ? {} : { role }),
    },
    metrics: figuresOf({ value, target, samples }),
  };
}

function ended({ id, role }: Agent, { metric, seq }: AgentPip, now_ms: number): OwnEvent {
  return {
    organ: ORGAN,
    cause: ["pip over", id, seq],
    event_type: "pip_closed",
    timestamp: iso(now_ms),
    metadata: { agent: id, metric, outcome: "met", ...(role === null ? {} : { role }) },
  };
}

function closedByAgent(state: ProjectState): Map<string, Task[]> {
  const found = new Map<string, Task[]>();
  for (const task of state.closed_tasks.values()) {
    if (task.assignee === null) continue;
    const tasks = found.get(task.assignee);
    if (tasks === undefined) found.set(task.assignee, [task]);
    else tasks.push(task);
  }
  return found;
}

function newestFirst(tasks: readonly Task[]): Task[] {
  return tasks.toSorted((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
}
