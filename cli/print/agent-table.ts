/** Agents with what their metrics come to. Ids are events' and are cleaned (P2). */
import { findMetric } from "../../schema/metric/definition.ts";
import type { Row } from "../../schema/metric/measure.ts";
import { pipOf, type Pip } from "../../schema/metric/pip.ts";
import { verdictOf } from "../../schema/metric/verdict.ts";
import type { Task } from "../../schema/state/state.ts";
import { groupText, timeText } from "./metric-table.ts";
import { figureText } from "./metric-value.ts";
import { table } from "./query-table.ts";

export interface AgentsAtWork {
  /** Of the time that was asked for, by agent, with AGENT_METRICS. */
  rows: readonly Row[];
  /** Windows of the same length without a gap, the oldest first and this one last. */
  windows: readonly { from_ms: number; rows: readonly Row[] }[];
  tasks: readonly Task[];
  omitted_groups: number;
}

export function agentTable(
  { rows, windows, tasks, omitted_groups }: AgentsAtWork,
  shown: readonly string[],
): string {
  const agents = [...new Set(rows.map(({ group }) => group))];
  if (agents.length === 0) return "No agent did anything in this time.";
  const metrics = shown.flatMap((id) => findMetric(id) ?? []);
  const peers = rows.filter(({ group }) => group !== null);
  const notes: string[] = [];
  const lines = agents.map((agent) => {
    const own = rows.filter(({ group }) => group === agent);
    const name = groupText(agent, "agent");
    const tasks_done = own.find(({ metric }) => metric === "throughput")?.n ?? 0;
    const figures = metrics.map((metric) => {
      const row = own.find((each) => each.metric === metric.id);
      const { value = null, n = 0 } = row ?? {};
      return value === null ? "unknown" : `${figureText(metric, value)} (n ${n.toLocaleString("en")})`;
    });
    if (agent === null) return [name, String(tasks_done), ...figures, "–"];
    const pip = pipOf(
      tasks.filter(({ assignee }) => assignee === agent),
      windows.map(({ from_ms, rows: all }) => ({
        from_ms,
        rows: all.filter(({ group }) => group === agent),
      })),
    );
    if (pip !== null) notes.push(`${name}: Performance Improvement Plan required: ${pipText(pip)}`);
    return [name, String(tasks_done), ...figures, verdictOf(own, peers)];
  });
  if (omitted_groups > 0) notes.push(`… and ${omitted_groups} more agents who did less`);
  const head = ["agent", "tasks", ...metrics.map(({ label }) => label), "verdict"];
  return [
    table(head, lines, new Set([0, head.length - 1])),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n");
}

function pipText({ metric: id, gap, since_ms }: Pip): string {
  const since = `since ${timeText(since_ms)}`;
  if (id === "failed_tasks") return `${gap} failed tasks in a row ${since}`;
  const metric = findMetric(id);
  if (metric === undefined) return since;
  return `${metric.label} ${figureText(metric, Math.abs(gap))} ${gap > 0 ? "above" : "below"} target ${since}`;
}
