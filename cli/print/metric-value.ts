/** Figures of metrics as text. What nobody knows is "unknown", never 0. */
import { duration } from "../../schema/event/describe/duration.ts";
import { moneyText, tokenText } from "../../schema/event/describe/figure.ts";
import type { Row } from "../../schema/metric/measure.ts";
import type { Metric, Unit } from "../../schema/metric/metric.ts";
import { originWords } from "../../schema/metric/reference.ts";
import { numberText } from "./query-table.ts";

export const UNKNOWN = "unknown";

/** Of the unit `ratio`, but no share of a whole: not in percent. */
const QUOTIENTS: ReadonlySet<string> = new Set(["error_to_fix_ratio"]);

export function figureText({ id, unit }: Pick<Metric, "id" | "unit">, value: number | null): string {
  if (value === null) return UNKNOWN;
  return unit === "ratio" && QUOTIENTS.has(id) ? short(value) : TEXTS[unit](value);
}

const TEXTS: Record<Unit, (value: number) => string> = {
  ms: (value) => signed(value, duration),
  ratio: (value) => `${short(value * 100)} %`,
  tokens: (value) => `${signed(value, (size) => tokenText(Math.round(size)))} tokens`,
  count: short,
  per_hour: (value) => `${short(value)}/h`,
  usd: (value) => signed(value, moneyText),
  usd_per_hour: (value) => `${signed(value, moneyText)}/h`,
  per_1k_tokens: (value) => `${short(value)} per 1k tokens`,
};

export function targetText(metric: Metric, row: Row): string {
  if (row.target !== null) {
    const origin = originWords(row.target);
    const text = `${row.target.bound} ${figureText(metric, row.target.value)}`;
    return origin === null ? text : `${text} (${origin})`;
  }
  switch (metric.target?.kind) {
    case undefined:
      return "–";
    case "cap":
      return "no cap set";
    case "baseline":
      return "no baseline yet";
    case "fixed":
      return UNKNOWN;
  }
}

const STATUSES = { met: "✓ met", missed: "✗ missed", unknown: "? unknown" };

/** In words and with a sign, so that it is read without colour. */
export function statusText(metric: Metric, row: Row): string {
  if (row.value !== null && metric.target === null && row.target === null) return "– no target";
  return STATUSES[row.status];
}

/** `+0.4/h better`. */
export function changeText(metric: Metric, change: number | null): string {
  if (change === null) return UNKNOWN;
  if (change === 0) return "none";
  const way = change > 0 === (metric.direction === "up") ? "better" : "worse";
  return `${change > 0 ? "+" : "−"}${figureText(metric, Math.abs(change))} ${way}`;
}

/** Three digits: a metric of some ten things is not known better. Whole numbers stay whole. */
function short(value: number): string {
  return Math.abs(value) >= 1_000 ? numberText(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function signed(value: number, text: (size: number) => string): string {
  return value < 0 ? `−${text(-value)}` : text(value);
}
