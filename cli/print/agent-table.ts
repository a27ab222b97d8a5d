/** Agents with what their metrics come to. Ids and roles are events' and are cleaned (P2). */
import { findMetric } from "../../schema/metric/definition.ts";
import type { Row } from "../../schema/metric/measure.ts";
import type { Pip } from "../../schema/metric/performance.ts";
import type { PerformanceResponse } from "../../schema/wire/performance.ts";
import { groupText, timeText } from "./metric-table.ts";
import { figureText } from "./metric-value.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_VERDICT_CHARS = 80;

export interface AgentsAtWork extends PerformanceResponse {
  /** By agent, of metrics that were asked for beside those that an agent is told by. */
  rows: readonly Row[];
}

export function agentTable(
  { performances, rows, omitted_groups }: AgentsAtWork,
  shown: readonly string[],
): string {
  if (performances.length === 0) return "No agent did anything in this time.";
  const metrics = shown.flatMap((id) => findMetric(id) ?? []);
  const notes: string[] = [];
  const lines = performances.map(({ id, did, metrics: told, verdict, pip }) => {
    const name = groupText(id, "agent");
    const figures = metrics.map((metric) => {
      const row =
        told.find((each) => each.metric === metric.id) ??
        rows.find((each) => each.metric === metric.id && each.group === id);
      const { value = null, n = 0 } = row ?? {};
      return value === null ? "unknown" : `${figureText(metric, value)} (n ${n.toLocaleString("en")})`;
    });
    if (pip !== null) notes.push(`${name}: Performance Improvement Plan required: ${pipText(pip)}`);
    const words = id === null ? "–" : clean(verdict.words, MAX_VERDICT_CHARS);
    return [name, did.tasks.toLocaleString("en"), ...figures, words];
  });
  if (omitted_groups > 0) notes.push(`… and ${omitted_groups} more agents who did less`);
  const head = ["agent", "tasks", ...metrics.map(({ label }) => label), "verdict"];
  return [
    table(head, lines, new Set([0, head.length - 1])),
    ...(notes.length === 0 ? [] : ["", ...notes]),
  ].join("\n");
}

function pipText({ metric: id, value, gap, since_ms }: Pip): string {
  const since = `since ${timeText(since_ms)}`;
  if (id === "failed_tasks")
    return value === null ? `failed tasks ${since}` : `${value} failed tasks in a row ${since}`;
  const metric = findMetric(id);
  if (metric === undefined || gap === null)
    return `${metric?.label ?? clean(id, MAX_VERDICT_CHARS)} ${since}`;
  return `${metric.label} ${figureText(metric, Math.abs(gap))} ${gap > 0 ? "above" : "below"} target ${since}`;
}
