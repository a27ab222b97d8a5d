/** What forecasts are about, in words and with their unit. */
import type { Unit } from "../../../schema/metric/metric.ts";
import type { Format } from "#lib/format/format.ts";

interface KindWords {
  name: string;
  unit: Unit;
}

const KINDS: Readonly<Record<string, KindWords>> = {
  work: { name: "Work of a task", unit: "ms" },
  lead: { name: "Lead time of a task", unit: "ms" },
  tokens: { name: "Tokens of a task", unit: "tokens" },
  cost: { name: "Cost of a task", unit: "usd" },
  finish: { name: "Finish of a feature", unit: "ms" },
  feature_finish: { name: "Finish of a feature", unit: "ms" },
  breach: { name: "A task misses its target", unit: "ratio" },
  changes: { name: "A reviewer asks for changes", unit: "ratio" },
  changes_requested: { name: "A reviewer asks for changes", unit: "ratio" },
};

/** A kind of a newer server is named by its own word. */
export function kindWords(kind: string): KindWords {
  return Object.hasOwn(KINDS, kind)
    ? (KINDS[kind] as KindWords)
    : { name: kind.replaceAll("_", " "), unit: "count" };
}

/** As ms, from here on a figure is a moment and no span: 30 years of work are none. */
const MOMENT_MS = 946_684_800_000;

export function amountText(kind: string, value: number | null, format: Format): string {
  const { unit } = kindWords(kind);
  if (unit === "ms" && value !== null && value >= MOMENT_MS) return format.moment(value);
  return format.figure(unit, value);
}
