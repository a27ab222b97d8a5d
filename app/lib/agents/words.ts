/** What is said of a row: figures, gaps, and why a plan is required. */
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Pip } from "../../../schema/metric/pip.ts";
import { PIP_WINDOWS } from "../../../schema/metric/pip.ts";
import type { Format } from "../format/format.ts";
import { counted } from "../headline/headline.ts";
import type { AgentRow, Head } from "./board.ts";
import { COLUMNS, type Column } from "./column.ts";

export const PIP_WORDS = "Performance Improvement Plan required";

export const figureText = (format: Format, { metric, plain }: Column, value: number | null): string =>
  format.figure(metric.unit, value, plain);

/** Under the header: the target, or what is usual where there is none. */
export function headText(format: Format, { column, target, varies, median }: Head): string {
  if (target !== null) return format.target(column.metric.unit, target, column.plain);
  if (varies) return "own target";
  return median === null ? "no target" : `median ${figureText(format, column, median)}`;
}

/** `coverage 64% against ≥ 80%, since 20 Nov`. */
export function pipText(format: Format, { pip, metrics }: AgentRow["performance"]): string | null {
  if (pip === null) return null;
  const since = `since ${format.day(pip.since_ms)}`;
  if (pip.metric === "failed_tasks") return `${counted(pip.gap, "task")} failed in a row, ${since}`;
  const column = columnOf(pip.metric);
  const row = metrics.find(({ metric }) => metric === pip.metric);
  if (column === undefined || row === undefined || row.target === null) return `${pip.metric}, ${since}`;
  const { label } = column.metric;
  return `${label} ${figureText(format, column, row.value)} against ${format.target(column.metric.unit, row.target, column.plain)}, ${gapText(format, column, pip)} off, ${since}, ${PIP_WINDOWS} periods on end`;
}

function gapText(format: Format, column: Column, { gap }: Pip): string {
  const size = Math.abs(gap);
  return column.metric.unit === "ratio" && !column.plain
    ? `${format.decimal(Math.round(size * 1_000) / 10)} pt`
    : figureText(format, column, size);
}

export function columnOf(id: string): Column | undefined {
  const known = COLUMNS.find(({ metric }) => metric.id === id);
  if (known !== undefined) return known;
  const metric = findMetric(id);
  return metric === undefined ? undefined : { metric, head: metric.label, sub: "", plain: false };
}
