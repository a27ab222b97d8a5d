/** The budget that the overview shows, and what its sentence says of it. */
import type { Budget, Spending } from "../../../schema/state/entity/budget.ts";
import type { Pace } from "../../../schema/metric/sentiment.ts";
import type { Burn } from "../budget/burn.ts";
import { budgetCard } from "../budget/standing.ts";
import type { Numbers } from "./headline.ts";

export interface Month {
  name: string;
  limit: number;
  used: number;
  from_ms: number;
  to_ms: number;
  /** By the days of UTC that the budget itself counts: steps of a window need not end with them. */
  burn: Burn;
}

/** The project's own month in dollars, else the first that is counted in them by the month; null: there is none. */
export function monthOf({ budgets, held }: Spending, now_ms: number): Month | null {
  const months = [...budgets.values()].filter(
    ({ period, unit, limit }) => period === "month" && unit === "usd" && limit !== null,
  );
  const found: Budget | undefined = months.find(({ scope }) => scope === "project") ?? months[0];
  if (found === undefined) return null;
  const { limit, used, from_ms, to_ms, burn } = budgetCard(found, [...held.values()], now_ms);
  if (limit === null || burn === null) return null;
  const whose = found.title ?? found.feature_id ?? found.agent ?? found.role;
  // Budgets count months of UTC.
  const month = new Date(from_ms).toLocaleDateString("en", { month: "long", timeZone: "UTC" });
  return {
    name: whose === null ? `The ${month} budget` : `The ${month} budget “${whose}”`,
    limit,
    used,
    from_ms,
    to_ms,
    burn,
  };
}

export function paceOf({ limit, used, from_ms, to_ms }: Month, now_ms: number): Pace | null {
  return limit === 0 ? null : { used: used / limit, elapsed: (now_ms - from_ms) / (to_ms - from_ms) };
}

export function saidOf(
  { name, burn }: Pick<Month, "name" | "burn">,
  href: string,
  day: (ms: number) => string,
): Numbers["budget"] {
  const what = { name, href };
  if (burn.left <= 0) return { kind: "used_up", ...what };
  const { cone, days } = burn;
  if (cone === null) return { kind: "unknown", ...what, days };
  const { p50, p80 } = cone.out;
  const when = p50 ?? p80;
  if (when === null) return { kind: "lasts", ...what, days };
  return { kind: "runs_out", ...what, when: day(when), percentile: p50 === null ? "P80" : "P50", days };
}
