/** How each agent or role works: its metrics beside those of its peers, a verdict with its reasons, and the plan that it has. */
import type { Agent } from "../state/entity/agent.ts";
import type { Task } from "../state/entity/task.ts";
import { AGENT_METRICS } from "./definition.ts";
import { DID_NOTHING, type Did } from "./did.ts";
import type { Measures, Row } from "./measure.ts";
import { FAILED_TASKS, failedInARow } from "./pip.ts";
import { quartilesOf, verdictOf, type Quartiles, type Verdict } from "./verdict.ts";

export interface AgentMetric extends Omit<Row, "group" | "series"> {
  /** Of all agents, or roles, with a value; null below two. */
  peers: Quartiles | null;
}

export interface Performance {
  /** The agent's or the role's name; null: what belongs to none. */
  id: string | null;
  /** Of an agent, as it is now; null where it is not known any more. */
  role: string | null;
  did: Did;
  metrics: AgentMetric[];
  verdict: Verdict;
  /** "Performance Improvement Plan required", as the log says (pip.ts); null: it is not, and of a role never. */
  pip: Pip | null;
}

export interface Pip {
  /** A metric's id, or FAILED_TASKS. */
  metric: string;
  /** Of the last whole day that it rests on, in the metric's unit; how many tasks failed in a row by now. */
  value: number | null;
  target: number | null;
  /** `value - target`. Like them null where a view does not show it. */
  gap: number | null;
  /** When the first of the failed tasks closed, or the first of the missed days began, ms. */
  since_ms: number;
}

export interface Worked {
  by: "agent" | "role";
  /** Of the time that was asked for, with what each group did. */
  measures: Measures;
  tasks: readonly Task[];
  agents: readonly Agent[];
}

export function performanceOf({ by, measures, tasks, agents }: Worked): Performance[] {
  const told = measures.rows.filter(({ metric }) => AGENT_METRICS.includes(metric));
  const peers = told.filter(({ group }) => group !== null);
  const rowsOf = groupRows(told);
  const known = new Map(agents.map((agent) => [agent.id, agent]));
  const did = new Map((measures.did ?? []).map((one) => [one.group, one.did]));
  const quartiles = new Map(AGENT_METRICS.map((metric) => [metric, quartilesOf(peers, metric)]));
  const own_tasks = Map.groupBy(tasks, ({ assignee }) => assignee);
  return [...rowsOf].map(([id, rows]) => {
    const agent = by === "role" || id === null ? undefined : known.get(id);
    const role = by === "role" ? id : (agent?.role ?? null);
    const done = did.get(id) ?? DID_NOTHING;
    return {
      id,
      role,
      did: done,
      metrics: rows.map(({ group: _group, series: _series, ...row }) => ({
        ...row,
        peers: quartiles.get(row.metric) ?? null,
      })),
      verdict: verdictOf({ rows, peers, did: done, role: by === "role" ? null : role }),
      pip: agent === undefined ? null : pipOf(agent, own_tasks.get(agent.id) ?? []),
    };
  });
}

function pipOf({ pip }: Agent, own: readonly Task[]): Pip | null {
  if (pip === null) return null;
  const { metric, target, since, opened_at } = pip;
  // More may have failed since it was said.
  const value = metric === FAILED_TASKS ? failedInARow(own).length || pip.value : pip.value;
  const gap = value === null || target === null ? null : value - target;
  return { metric, value, target, gap, since_ms: since ?? opened_at };
}

function groupRows(rows: readonly Row[]): Map<string | null, Row[]> {
  return Map.groupBy(rows, ({ group }) => group);
}
