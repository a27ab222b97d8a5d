/** What is said of a row: figures, gaps, and why a plan is required. */
import { findMetric } from "../../../schema/metric/definition.ts";
import { DAYS_ON_END } from "../../../schema/metric/days.ts";
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

/** `Lint pass rate 64% against > 98%, 34 pt off, since 20 Nov, 3 days on end`. */
export function pipText(format: Format, { pip }: AgentRow["performance"]): string | null {
  if (pip === null) return null;
  const since = `since ${format.day(pip.since_ms)}`;
  if (pip.metric === "failed_tasks")
    return pip.value === null
      ? `its tasks failed, ${since}`
      : `${counted(pip.value, "task")} failed in a row, ${since}`;
  const column = columnOf(pip.metric);
  const bound = column?.metric.target?.bound;
  if (column === undefined || bound === undefined || pip.target === null || pip.gap === null)
    return `${column?.metric.label ?? pip.metric}, ${since}`;
  const { label, unit } = column.metric;
  const target = format.target(unit, { bound, value: pip.target }, column.plain);
  return `${label} ${figureText(format, column, pip.value)} against ${target}, ${gapText(format, column, pip.gap)} off, ${since}, ${DAYS_ON_END} days on end`;
}

function gapText(format: Format, column: Column, gap: number): string {
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
