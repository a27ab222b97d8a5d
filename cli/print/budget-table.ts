/** Budgets as a table, with what stands behind each figure under it (M2). Names come from people and events and are cleaned (P2). */
import { moneyText, tokenText } from "../../schema/event/describe/figure.ts";
import type { BudgetInfo } from "../../schema/wire/budget.ts";
import { table } from "./query-table.ts";
import { clean } from "./terminal.ts";

const MAX_NAME_CHARS = 40;
const HEAD = ["budget", "of", "used", "reserved", "limit", "%", "exhausted about"];
const LEFT = new Set([0, 1, 6]);

export function budgetTable(budgets: readonly BudgetInfo[]): string {
  if (budgets.length === 0)
    return "No budgets. Set one: clusterfork budget set --usd 50 --hard (needs a key of scope admin)";
  const rows = budgets.map((budget) => [
    budget.title === null ? budget.id : `${budget.id} ${clean(budget.title, MAX_NAME_CHARS)}`,
    subjectOf(budget),
    amountText(budget.used, budget),
    amountText(budget.reserved, budget),
    `${amountText(budget.limit, budget)} ${budget.hard ? "hard" : "soft"}`,
    budget.share === null ? "–" : String(Math.floor(budget.share * 100)),
    exhaustionText(budget),
  ]);
  const notes = budgets.flatMap((budget) => notesOn(budget).map((note) => `${budget.id}: ${note}`));
  return [table(HEAD, rows, LEFT), ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}

function subjectOf({ scope, feature_id, agent_id, role, period }: BudgetInfo): string {
  const name = feature_id ?? agent_id ?? role;
  const whose = name === null ? scope : `${scope} ${clean(name, MAX_NAME_CHARS)}`;
  return period === "month" ? `${whose}, month` : whose;
}

function amountText(amount: number, { unit }: BudgetInfo): string {
  return unit === "usd" ? moneyText(amount) : tokenText(Math.round(amount));
}

function exhaustionText({ exhaustion, period }: BudgetInfo): string {
  switch (exhaustion.state) {
    case "unknown":
      return "unknown yet";
    case "used_up":
      return "used up";
    case "not_in_period":
      return period === "month" ? "not this month" : "not in ten years";
    case "expected": {
      const [from, to] = [exhaustion.from.slice(0, 10), exhaustion.to?.slice(0, 10)];
      if (to === undefined) return `${from} or later`;
      return from === to ? from : `${from} to ${to}`;
    }
  }
}

function notesOn(budget: BudgetInfo): string[] {
  const { calls, unit, assumed, late_calls, over_calls, over, counted_from } = budget;
  const notes: string[] = [];
  if (unit === "usd" && calls.all > 0) {
    const parts = [
      ...(calls.reported > 0 ? [`${count(calls.reported)} reported`] : []),
      ...(calls.priced > 0 ? [`${count(calls.priced)} priced`] : []),
      ...(calls.unknown > 0 ? [`${count(calls.unknown)} of unknown cost`] : []),
    ];
    notes.push(parts.join(", "));
  }
  if (assumed > 0)
    notes.push(`${amountText(assumed, budget)} of it is what was reserved for calls that did not tell`);
  if (late_calls > 0) notes.push(`${count(late_calls)} came after the reservation had ended`);
  if (over_calls > 0)
    notes.push(`${count(over_calls)} went ${amountText(over, budget)} beyond what was reserved`);
  if (counted_from !== null) notes.push(`counted from ${counted_from} on, when it was set`);
  return notes;
}

function count(calls: number): string {
  return calls === 1 ? "1 call" : `${calls.toLocaleString("en")} calls`;
}
