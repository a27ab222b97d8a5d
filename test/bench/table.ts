/** Figures as one aligned table, for a terminal and for Markdown alike. */
import { isMet, ratios, type Figure, type Target } from "./figure.ts";
import { median, type Machine } from "./machine.ts";

const HEADINGS = ["what", "figure", "beside it", "ratio", "target", "", "n", "load"];

/** Three significant digits below a thousand; whole numbers with separators above. */
export function number(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

function targetText({ of, at_least, at_most }: Target): string {
  const bound = at_least === undefined ? `≤ ${number(at_most ?? Infinity)}` : `≥ ${number(at_least)}`;
  return of === "ratio" ? `ratio ${bound}` : bound;
}

function cells(found: Figure): string[] {
  const { what, unit, runs, beside, target, load } = found;
  const met = isMet(found);
  return [
    what,
    `${number(median(runs))} ${unit}`,
    beside === undefined ? "" : `${number(median(beside.runs))} ${beside.what}`,
    beside === undefined ? "" : median(ratios(found)).toFixed(2),
    target === undefined ? "" : targetText(target),
    met === null ? "" : met ? "met" : "MISSED",
    String(runs.length),
    load.toFixed(1),
  ];
}

export function table(figures: readonly Figure[]): string {
  const rows = [HEADINGS, ...figures.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(HEADINGS), rule, ...rows.slice(1).map(line)].join("\n");
}

export function describe(machine: Machine): string {
  const { cpu, cores, memory_gib, kernel, node, workerd, date, commit } = machine;
  const at = commit === null ? "" : `, commit ${commit}`;
  return `${cpu}, ${cores} cores, ${memory_gib} GiB, ${kernel}, Node ${node}, workerd ${workerd}, ${date.slice(0, 10)}${at}`;
}
