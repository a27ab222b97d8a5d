/** Figures of the overview in words. */
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Reason, Sentiment } from "../../../schema/metric/sentiment.ts";
import type { Figures } from "../format/figure.ts";
import { capital } from "../headline/headline.ts";

/** A change that is worth an arrow: less than half a hundredth of the value is noise. */
const FLAT = 0.005;

export interface Delta {
  kind: "good" | "bad" | "flat";
  arrow: "up" | "down" | null;
  text: string;
}

/** Against the window before: shares in points, everything else in percent of it. Null while either is unknown. */
export function deltaOf(
  value: number | null,
  previous: number | null,
  direction: "up" | "down",
  is_share: boolean,
): Delta | null {
  if (value === null || previous === null) return null;
  const change = value - previous;
  if (Math.abs(change) <= FLAT * Math.max(Math.abs(previous), is_share ? 1 : 0))
    return { kind: "flat", arrow: null, text: "as before" };
  const arrow = change > 0 ? "up" : "down";
  const kind = arrow === direction ? "good" : "bad";
  const sign = change > 0 ? "+" : "−";
  const size = is_share
    ? `${(Math.abs(change) * 100).toFixed(1)} pt`
    : previous === 0
      ? "from none"
      : `${Math.round((Math.abs(change) / Math.abs(previous)) * 100)}%`;
  return { kind, arrow, text: previous === 0 && !is_share ? size : `${sign}${size}` };
}

/** `Time to merge 12 min, target < 15 min.` */
export function reasonText({ metric: id, value, reference }: Reason, figures: Figures): string {
  if (id === "budget")
    return `${capital(figures.percent(value))} of the budget is used in ${figures.percent(reference.value)} of its period.`;
  const metric = findMetric(id);
  if (metric === undefined) return "";
  const plain = metric.unit === "ratio" && (value > 1 || reference.value > 1);
  const figure = (of: number) => figures.figure(metric.unit, of, plain);
  const held =
    reference.kind === "target"
      ? `target ${figures.target(metric.unit, reference, plain)}`
      : `${figure(reference.value)} before`;
  return `${metric.label} ${figure(value)}, ${held}.`;
}

/** Why it has no opinion: a metric is missing where its value is unknown, and where it has neither target nor past. */
export function missingText({ missing }: Pick<Sentiment, "missing">): string {
  const labels = missing.slice(0, 2).map((id) => (findMetric(id)?.label ?? id).toLowerCase());
  return `No opinion yet: ${labels.join(" and ")} have no value, or nothing to be held against.`;
}
