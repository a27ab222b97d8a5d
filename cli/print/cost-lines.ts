/**
 * Cost by group, and how it is known (M2): an amount alone was reported by the senders, call by call.
 *
 *   Total: $0.34
 *   coder: $0.22 ($0.20 reported, $0.02 priced)
 *   reviewer: $0.04 + 2 calls without a price
 *   scout: unknown: 3 calls without a price
 */
import { moneyText } from "../../schema/event/describe/figure.ts";
import type { Grouping } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { groupText } from "./metric-table.ts";

/** The metrics that it takes. */
export const COST_METRICS: readonly string[] = ["cost", "priced_cost"];

interface Spent {
  usd: number;
  priced_usd: number;
  known: number;
  missing: number;
}

/** `rows` of COST_METRICS by `by`. */
export function costLines({ rows, omitted_groups }: MetricsResponse, by: Grouping): string {
  const total: Spent = { usd: 0, priced_usd: 0, known: 0, missing: 0 };
  const lines: string[] = [];
  for (const { metric, group, value, n, excluded } of rows) {
    if (metric !== "cost" || n + excluded === 0) continue;
    const priced = rows.find((row) => row.metric === "priced_cost" && row.group === group);
    const spent = { usd: value ?? 0, priced_usd: priced?.value ?? 0, known: n, missing: excluded };
    for (const name of ["usd", "priced_usd", "known", "missing"] as const) total[name] += spent[name];
    lines.push(`${groupText(group, by)}: ${spentText(spent)}`);
  }
  const rest = omitted_groups === 0 ? [] : [`Not in it: ${omitted_groups} groups with less work in them`];
  return [`Total: ${spentText(total)}`, ...lines, ...rest].join("\n");
}

function spentText({ usd, priced_usd, known, missing }: Spent): string {
  if (known + missing === 0) return "unknown: no model call was reported";
  const without = `${missing.toLocaleString("en")} ${missing === 1 ? "call" : "calls"} without a price`;
  if (known === 0) return `unknown: ${without}`;
  // Sums of the same amounts in another order differ in their last bits.
  const reported_usd = usd - priced_usd < 1e-9 ? 0 : usd - priced_usd;
  const basis =
    priced_usd === 0
      ? ""
      : reported_usd === 0
        ? " (priced)"
        : ` (${moneyText(reported_usd)} reported, ${moneyText(priced_usd)} priced)`;
  return `${moneyText(usd)}${basis}${missing === 0 ? "" : ` + ${without}`}`;
}
