/** Answers to questions as tables of text; every name and value comes from events and is cleaned (P2). */
import type { CompareResponse, Heatmap, QueryResponse } from "../../schema/wire/query.ts";
import { clean } from "./terminal.ts";

/** Characters of one value in a table. */
const MAX_CELL_CHARS = 60;
const SPARKS = "▁▂▃▄▅▆▇█";
const SHADES = " ░▒▓█";

type Value = string | number | boolean | null;

export function queryTable(answer: QueryResponse): string {
  const { group_by, calculations, groups, group_count, heatmap } = answer;
  const has_series = groups.some(({ series }) => series !== undefined);
  const head = [...group_by, ...calculations, ...(has_series ? [`${calculations[0]} over time`] : [])];
  // Steps without events are left out of a series; in a table they are gaps, so that rows stand under each other.
  const times = [...new Set(groups.flatMap(({ series = [] }) => series.map(([at = null]) => at)))].sort(
    (a, b) => (a ?? 0) - (b ?? 0),
  );
  const rows = groups.map(({ key, values, series }) => [
    ...key.map((value, i) => valueText(group_by[i] === "time" ? timeText(value) : value)),
    ...values.map(numberText),
    ...(series === undefined ? [] : [sparkline(alignedTo(times, series))]),
  ]);
  const left = new Set(group_by.map((_, i) => i));
  if (has_series) left.add(head.length - 1);
  const lines = [
    table(
      head.map((name) => clean(name, MAX_CELL_CHARS)),
      rows,
      left,
    ),
  ];
  if (group_count > groups.length) lines.push(`… and ${group_count - groups.length} more groups (--limit)`);
  if (heatmap !== null) lines.push("", heatmapText(heatmap));
  return [...lines, "", readingText(answer)].join("\n");
}

export function compareTable(answer: CompareResponse): string {
  const { differences, selected, rest, fields, fields_left_out } = answer;
  const rows = differences.map((one) => [
    valueText(one.field),
    one.range === null ? valueText(one.value) : rangeText(one.range),
    `${percent(one.selected_share)} (${one.selected})`,
    `${percent(one.rest_share)} (${one.rest})`,
    `${one.selected_share >= one.rest_share ? "+" : "−"}${percent(one.at_least)}`,
  ]);
  const lines = [`${selected} selected, ${rest} others, compared in ${fields} fields`, ""];
  if (rows.length === 0) lines.push("Nothing differs by more than chance.");
  else lines.push(table(["field", "value", "selected", "others", "at least"], rows, new Set([0, 1])));
  if (fields_left_out.length > 0)
    lines.push(
      "",
      `Not compared, or only by their first values: ${fields_left_out.map((name) => clean(name, 40)).join(", ")}`,
    );
  return [...lines, "", readingText(answer)].join("\n");
}

function readingText({
  matched,
  scanned,
  truncated_by,
  elapsed_ms,
}: Pick<QueryResponse, "matched" | "scanned" | "truncated_by" | "elapsed_ms">): string {
  const read = `${matched} of ${scanned} events, ${Math.round(elapsed_ms)} ms`;
  if (truncated_by.length === 0) return read;
  return `${read}\nIncomplete: the bound on ${truncated_by.join(" and ")} was reached, so the oldest events or the last groups are missing. Ask for a shorter time, or filter.`;
}

/** `left`: the columns that stand left; numbers stand right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  left: ReadonlySet<number>,
): string {
  const widths = head.map((name, i) => Math.max(...[name, ...rows.map((row) => row[i] ?? "")].map(width)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => {
        const space = " ".repeat(Math.max(0, (widths[i] ?? 0) - width(cell)));
        return left.has(i) ? cell + space : space + cell;
      })
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((each) => "─".repeat(each))), ...rows.map(line)].join("\n");
}

/** In code points: close enough for what `clean` lets through. */
function width(text: string): number {
  return [...text].length;
}

export function valueText(value: Value): string {
  if (value === null) return "(none)";
  if (typeof value === "string") return value === "" ? '""' : clean(value, MAX_CELL_CHARS);
  return typeof value === "number" ? numberText(value) : String(value);
}

function timeText(value: Value): Value {
  return typeof value === "number" ? new Date(value).toISOString() : value;
}

/** Whole numbers whole; others to six digits. */
export function numberText(number: number | null): string {
  if (number === null) return "–";
  return String(Number.isInteger(number) ? number : Number(number.toPrecision(6)));
}

function rangeText({ from, to }: { from: number | null; to: number | null }): string {
  return from === to
    ? numberText(from)
    : `${from === null ? "…" : numberText(from)} to ${to === null ? "…" : numberText(to)}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function alignedTo(
  times: readonly (number | null)[],
  series: readonly (number | null)[][],
): (number | null)[] {
  const byTime = new Map(series.map(([at = null, first = null]) => [at, first]));
  return times.map((at) => byTime.get(at) ?? null);
}

export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const most = Math.max(...known);
  const least = Math.min(0, ...known);
  return values
    .map((value) => {
      if (value === null) return " ";
      const share = most === least ? 0 : (value - least) / (most - least);
      return SPARKS[Math.round(share * (SPARKS.length - 1))] ?? "";
    })
    .join("");
}

function heatmapText({ field, cells, x_edges, y_edges, left_out }: Heatmap): string {
  const [columns, rows] = [x_edges.length - 1, y_edges.length - 1];
  if (cells.length === 0) return `${clean(field)}: no such numbers among these events`;
  const most = Math.max(...cells.map(([, , count]) => count));
  const counts = new Map(cells.map(([x, y, count]) => [x * rows + y, count]));
  const labels = y_edges.map(numberText);
  const margin = Math.max(...labels.map(width));
  const lines = Array.from({ length: rows }, (_, i) => {
    const y = rows - 1 - i;
    const shades = Array.from({ length: columns }, (_, x) => {
      const count = counts.get(x * rows + y) ?? 0;
      return SHADES[count === 0 ? 0 : Math.max(1, Math.ceil((count / most) * (SHADES.length - 1)))] ?? " ";
    });
    return `${(labels[y] ?? "").padStart(margin)} │${shades.join("")}`;
  });
  const span = [x_edges[0] ?? 0, x_edges.at(-1) ?? 0].map((at) => new Date(at).toISOString());
  return [
    `${clean(field)}, up to ${most} a cell${left_out > 0 ? `; ${left_out} events have no such number` : ""}`,
    ...lines,
    `${" ".repeat(margin)} └${"─".repeat(columns)}`,
    `${" ".repeat(margin + 2)}${span.join(" to ")}`,
  ].join("\n");
}
