/** What is said of a budget: its scope, its amounts, and when it will be used up. */
import type { Exhaustion } from "../../../schema/state/budget-standing.ts";
import type { Budget, BudgetScope, BudgetUnit } from "../../../schema/state/entity/budget.ts";
import type { Format } from "#lib/format/format.ts";
import type { BudgetCard } from "./standing.ts";

export const SCOPE_WORDS: Record<BudgetScope, string> = {
  project: "the whole project",
  feature: "one feature",
  agent: "one agent",
  role: "one role",
};

export const amountText = (format: Format, unit: BudgetUnit, amount: number | null): string =>
  unit === "usd" ? format.money(amount) : format.tokens(amount);

/** `Feature add-auth, by the month, hard`. */
export function aboutText({ scope, feature_id, agent, role, period, hard }: Budget): string {
  const whose = feature_id ?? agent ?? role;
  const of = whose === null ? "Whole project" : `${scope.charAt(0).toUpperCase()}${scope.slice(1)} ${whose}`;
  return `${of}, ${period === "month" ? "by the month" : "for its lifetime"}, ${hard ? "hard: refuses calls" : "soft: tells only"}`;
}

/** Days alone: a forecast of a budget is not known to the hour. */
export function exhaustionText(
  { exhaustion, to_ms, ends }: Pick<BudgetCard, "exhaustion" | "to_ms" | "ends">,
  format: Pick<Format, "day">,
): string {
  switch (exhaustion.state) {
    case "unknown":
      return "unknown: less than a day of calls";
    case "used_up":
      return "used up";
    case "not_in_period":
      return ends ? `not before ${format.day(to_ms)}` : "not within ten years";
    case "expected":
      return rangeText(exhaustion, format);
  }
}

/** When the cone of its burn-down meets nothing left; null: there is no cone, or it never does. */
export function endingOf(
  { burn }: Pick<BudgetCard, "burn">,
  format: Pick<Format, "day">,
): { day: string; percentile: "P50" | "P80" } | null {
  const { p50, p80 } = burn?.cone?.out ?? { p50: null, p80: null };
  if (p50 !== null) return { day: format.day(p50), percentile: "P50" };
  return p80 === null ? null : { day: format.day(p80), percentile: "P80" };
}

export function rangeText(
  { from, to }: Extract<Exhaustion, { state: "expected" }>,
  format: Pick<Format, "day">,
): string {
  const [first, last] = [format.day(from), to === null ? null : format.day(to)];
  if (last === null) return `${first} at the earliest`;
  return first === last ? `about ${first}` : `${first} to ${last}`;
}

/** How it stands against its limit: "$12 left of $50", "$3.65 over $3"; the first part is what counts. */
export function leftOf(
  left: number,
  limit: number,
  money: (usd: number) => string,
): [bold: string, rest: string] {
  return left < 0 ? [`${money(-left)} over`, money(limit)] : [`${money(left)} left`, `of ${money(limit)}`];
}
