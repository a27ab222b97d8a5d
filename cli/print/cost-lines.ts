/**
 * Cost by group, and how it is known (M2): an amount alone was reported by the senders, call by call.
 *
 *   Total: $0.34
 *   coder: $0.22 ($0.20 reported, $0.02 priced)
 *   reviewer: $0.04 + 2 calls without a price
 *   scout: unknown: 3 calls without a price
 *   of which shared $0.05 by task share
 *
 * Where features are told apart, an amount is a feature's own and its share of calls that name none
 * (schema/metric/attribution.ts), and how much of it is shared is said.
 */
import { moneyText } from "../../schema/event/describe/figure.ts";
import type { Spent as Calls } from "../../schema/metric/attribution.ts";
import type { Grouping, Row } from "../../schema/metric/measure.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { groupText, timeText } from "./metric-table.ts";

/** The metrics that it takes. */
export const COST_METRICS: readonly string[] = ["cost", "priced_cost"];

interface Spent {
  usd: number;
  priced_usd: number;
  known: number;
  missing: number;
}
const AMOUNTS = ["usd", "priced_usd", "known", "missing"] as const satisfies readonly (keyof Spent)[];

/** `rows` of COST_METRICS by `by`. */
export function costLines(answer: MetricsResponse, by: Grouping): string {
  const { rows, omitted_groups } = answer;
  const total = nothing();
  const shared = nothing();
  const lines: string[] = [];
  for (const row of rows) {
    if (row.metric !== "cost") continue;
    const spent = spentOf(row, rows);
    if (callsOf(spent) === 0) continue;
    add(total, spent);
    const part = nothing();
    if (row.attributed) add(part, asSpent(row.attributed.shared));
    add(shared, part);
    const is_each = by === "feature" && callsOf(part) > 0 ? `, ${sharedText(part)}` : "";
    lines.push(`${groupText(row.group, by)}: ${spentText(spent)}${is_each}`);
  }
  if (callsOf(shared) > 0) lines.push(sharedText(shared));
  if (omitted_groups > 0) lines.push(`Not in it: ${omitted_groups} groups with less work in them`);
  return [`Total: ${spentText(total)}`, ...lines, ...notSharedText(answer)].join("\n");
}

/** Own, shared and what is left of those of no feature; where nothing is shared, what the rows say. */
function spentOf({ group, value, n, excluded, attributed }: Row, rows: readonly Row[]): Spent {
  const sum = nothing();
  if (attributed) {
    for (const calls of [attributed.own, attributed.shared, attributed.unassigned])
      if (calls !== undefined) add(sum, asSpent(calls));
    return sum;
  }
  const priced = rows.find((row) => row.metric === "priced_cost" && row.group === group);
  return { usd: value ?? 0, priced_usd: priced?.value ?? 0, known: n, missing: excluded };
}

const nothing = (): Spent => ({ usd: 0, priced_usd: 0, known: 0, missing: 0 });

/** Fractions of calls that add up to whole ones may miss them in their last bits. */
const callsOf = ({ known, missing }: Spent) => (known + missing < 1e-9 ? 0 : known + missing);

function add(to: Spent, from: Spent): void {
  for (const name of AMOUNTS) to[name] += from[name];
}

function asSpent({ calls, known_calls, reported_usd, priced_usd }: Calls): Spent {
  return { usd: reported_usd + priced_usd, priced_usd, known: known_calls, missing: calls - known_calls };
}

function notSharedText({ attribution }: MetricsResponse): string[] {
  if (attribution === undefined || attribution.why === null) return [];
  return [
    attribution.from === null
      ? `Not shared: ${attribution.why}`
      : `Not shared before ${timeText(attribution.from)}: ${attribution.why}`,
  ];
}

const sharedText = (shared: Spent) => `of which shared ${spentText(shared)} by task share`;

function spentText(spent: Spent): string {
  const { usd, priced_usd, known } = spent;
  if (callsOf(spent) === 0) return "unknown: no model call was reported";
  // In hundredths: shared calls come in fractions, and the smallest is not none.
  const missing = spent.missing < 1e-9 ? 0 : Math.max(0.01, Math.round(spent.missing * 100) / 100);
  const without = `${missing.toLocaleString("en")} ${missing === 1 ? "call" : "calls"} without a price`;
  if (known < 1e-9) return `unknown: ${without}`;
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
