/** How each agent or role works: its metrics beside those of its peers, a verdict with its reasons, and whether a plan is due. */
import type { Agent, Task } from "../state/state.ts";
import { AGENT_METRICS } from "./definition.ts";
import { DID_NOTHING, type Did } from "./did.ts";
import type { Measures, Row } from "./measure.ts";
import { pipOf, type Pip } from "./pip.ts";
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
  /** "Performance Improvement Plan required"; null: it is not. */
  pip: Pip | null;
}

export interface Worked {
  by: "agent" | "role";
  /** Of the time that was asked for, with what each group did. */
  newest: Measures;
  /** Windows of the same length before it, the oldest first, without a gap. */
  earlier: readonly { from_ms: number; rows: readonly Row[] }[];
  tasks: readonly Task[];
  agents: readonly Agent[];
}

export function performanceOf({ by, newest, earlier, tasks, agents }: Worked): Performance[] {
  const told = newest.rows.filter(({ metric }) => AGENT_METRICS.includes(metric));
  const peers = told.filter(({ group }) => group !== null);
  const rowsOf = groupRows(told);
  const before = earlier.map(({ from_ms, rows }) => ({ from_ms, rows: groupRows(rows) }));
  const roles = new Map(agents.map(({ id, role }) => [id, role]));
  const did = new Map((newest.did ?? []).map((one) => [one.group, one.did]));
  const quartiles = new Map(AGENT_METRICS.map((metric) => [metric, quartilesOf(peers, metric)]));
  const own_tasks = Map.groupBy(tasks, ({ assignee }) => assignee);
  return [...rowsOf].map(([id, rows]) => {
    const role = by === "role" ? id : id === null ? null : (roles.get(id) ?? null);
    const done = did.get(id) ?? DID_NOTHING;
    const windows = [
      ...before.map(({ from_ms, rows: then }) => ({ from_ms, rows: then.get(id) ?? [] })),
      { from_ms: newest.window.from ?? 0, rows },
    ];
    return {
      id,
      role,
      did: done,
      metrics: rows.map(({ group: _group, series: _series, ...row }) => ({
        ...row,
        peers: quartiles.get(row.metric) ?? null,
      })),
      verdict: verdictOf({ rows, peers, did: done, role: by === "role" ? null : role }),
      // A row of failures is one agent's: of a role they would be those of several at once.
      pip: id === null ? null : pipOf(by === "agent" ? (own_tasks.get(id) ?? []) : [], windows),
    };
  });
}

function groupRows(rows: readonly Row[]): Map<string | null, Row[]> {
  return Map.groupBy(rows, ({ group }) => group);
}
