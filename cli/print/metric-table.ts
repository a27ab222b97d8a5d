/** `GET /v1/metrics` as a table. Groups are names from events and are cleaned (P2). */
import { findMetric } from "../../schema/metric/definition.ts";
import { capSetAt } from "../../schema/metric/metric.ts";
import type { Grouping } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { changeText, figureText, statusText, targetText } from "./metric-value.ts";
import { sparkline, table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_NAME_CHARS = 40;

export function metricTable(answer: MetricsResponse, by: Grouping | undefined): string {
  const { rows, omitted_groups, window } = answer;
  if (rows.length === 0) return "Nothing happened in this time that a metric could tell of.";
  const notes: string[] = [];
  const places = new Set<string>();
  const has_trend = rows.some(({ series }) => series !== undefined);
  const lines = rows.flatMap((row) => {
    const metric = findMetric(row.metric);
    // A newer server may have more of them; without its definition a figure says nothing.
    if (metric === undefined) return [];
    const whose = by === undefined ? [] : [groupText(row.group, by)];
    if (row.excluded > 0)
      notes.push(
        `${[metric.label, ...whose].join(", ")}: ${row.excluded.toLocaleString("en")} left out (${metric.excludes ?? "not usable"})`,
      );
    const place = capSetAt(metric, row);
    if (place !== null) places.add(`${metric.label}: an owner or admin sets a cap in ${place}`);
    return [
      [
        ...whose,
        metric.label,
        figureText(metric, row.value),
        row.n.toLocaleString("en"),
        targetText(metric, row),
        statusText(metric, row),
        changeText(metric, row.change),
        String(row.excluded),
        ...(has_trend ? [trendText(row.series?.values ?? [])] : []),
      ],
    ];
  });
  const first = by === undefined ? [] : [by];
  const head = [...first, "metric", "value", "n", "target", "status", "change", "excluded"];
  if (has_trend) head.push("trend");
  const left = new Set(["metric", "target", "status", "change", "trend", ...first]);
  const before =
    window.previous === null ? "" : `; change: against the time from ${timeText(window.previous)} on`;
  if (by !== undefined && typeof answer.truncated_until === "number")
    notes.push(
      `Until ${timeText(answer.truncated_until)} there was too much to tell apart by ${by}: the rest is in ${groupText(null, by)}`,
    );
  if (window.from !== null && rows.every(({ value }) => value === null))
    notes.push(
      "Nothing in this time tells of it. If work ended before it: --window all, or --from and --to.",
    );
  if (omitted_groups > 0) notes.push(`… and ${omitted_groups} more groups with less in them`);
  return [
    table(head, lines, new Set(head.flatMap((name, i) => (left.has(name) ? [i] : [])))),
    "",
    ...notes,
    ...places,
    `From ${window.from === null ? "the first event" : timeText(window.from)} to ${window.to === null ? "now" : timeText(window.to)}${before}.`,
  ].join("\n");
}

export function groupText(group: string | null, by: Grouping): string {
  return group === null ? `(no ${by})` : clean(group, MAX_NAME_CHARS);
}

/** `unknown` where nothing is: a row of blanks would look like zeros. */
function trendText(values: readonly (number | null)[]): string {
  return values.every((value) => value === null) ? "unknown" : sparkline(values);
}

export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
