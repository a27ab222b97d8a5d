/** One budget as it is drawn: what is used, held and left, when it will be used up, and its burn-down. Pure. */
import { accountOf, DAY_MS, dayOf } from "../../../schema/state/budget-period.ts";
import { fallsUnder } from "../../../schema/state/budget.ts";
import {
  exhaustionOf,
  holds,
  reached,
  standingOf,
  usedIn,
  type Exhaustion,
} from "../../../schema/state/budget-standing.ts";
import type { Budget, BudgetUnit, Reservation, Spending } from "../../../schema/state/entity/budget.ts";
import { burnDown, type Burn } from "./burn.ts";

export interface BudgetCard {
  budget: Budget;
  /** Its title, or whose it is. */
  name: string;
  unit: BudgetUnit;
  /** Null: hidden. */
  limit: number | null;
  used: number;
  /** Of `used`; in tokens there is nothing to price. `assumed`: what was reserved for calls of unknown cost. */
  parts: { reported: number; priced: number; assumed: number };
  calls: number;
  /** Calls of which nobody knows what they cost: not in `used`. */
  unknown_calls: number;
  reserved: number;
  left: number | null;
  /** Of the limit, 1 is all of it; null where that is hidden or zero. */
  share: number | null;
  /** In percent; 0: none. */
  threshold: number;
  exhaustion: Exhaustion;
  /** Null: the limit is hidden. */
  burn: Burn | null;
  from_ms: number;
  /** End of the period, or as far as the chart looks. */
  to_ms: number;
  /** Whether the period has an end. */
  ends: boolean;
  /** Whole days with spending that a forecast rests on. */
  days: number;
  late_calls: number;
  reservations: Reservation[];
}

/** How far a lifetime's chart looks ahead: as far as it looks back, within these. */
const MIN_AHEAD_MS = 14 * DAY_MS;
const MAX_AHEAD_MS = 180 * DAY_MS;

/** The hard ones first, then by how much of them is used; what is hidden last. */
export function budgetCards({ budgets, held }: Pick<Spending, "budgets" | "held">, now_ms: number) {
  const reservations = [...held.values()];
  return [...budgets.values()]
    .map((budget) => budgetCard(budget, reservations, now_ms))
    .toSorted((a, b) => Number(b.budget.hard) - Number(a.budget.hard) || (b.share ?? -1) - (a.share ?? -1));
}

export function budgetCard(budget: Budget, reservations: readonly Reservation[], now_ms: number): BudgetCard {
  const standing = standingOf(budget, now_ms, reservations);
  const account = accountOf(budget, standing.from);
  const usage = account?.usage;
  const [first] = budget.days;
  const began_ms =
    budget.period === "lifetime"
      ? Math.min(dayOf(budget.first_at ?? budget.set_at), first?.day ?? Infinity) * DAY_MS
      : standing.from;
  const ahead_ms = Math.min(MAX_AHEAD_MS, Math.max(MIN_AHEAD_MS, now_ms - began_ms));
  const to_ms = standing.to ?? now_ms + ahead_ms;
  const burn = burnOf(budget, standing.used, began_ms, to_ms, now_ms);
  const money = budget.unit === "usd";
  return {
    budget,
    name: nameOf(budget),
    unit: budget.unit,
    limit: budget.limit,
    used: standing.used,
    parts: {
      reported:
        account === null
          ? 0
          : money
            ? (usage?.reported_usd ?? 0)
            : usedIn(account, "tokens") - account.assumed,
      priced: money ? (usage?.priced_usd ?? 0) : 0,
      assumed: account?.assumed ?? 0,
    },
    calls: usage?.calls ?? 0,
    unknown_calls: (usage?.calls ?? 0) - (usage?.reported_calls ?? 0) - (usage?.priced_calls ?? 0),
    reserved: standing.reserved,
    left: standing.remaining,
    share: standing.share,
    threshold: account === null ? 0 : reached(budget, account),
    exhaustion: exhaustionOf(budget, standing, now_ms),
    burn,
    from_ms: began_ms,
    to_ms,
    ends: standing.to !== null,
    days: burn?.days ?? 0,
    late_calls: account?.late_calls ?? 0,
    reservations: reservations
      .filter((each) => holds(each, now_ms) && fallsUnder(each, budget))
      .toSorted((a, b) => a.expires_at - b.expires_at),
  };
}

export const nameOf = ({ title, scope, feature_id, agent, role }: Budget): string =>
  title ?? feature_id ?? agent ?? role ?? (scope === "project" ? "The project" : `A ${scope}`);

/**
 * Days are counted from when the budget was set, what was spent before is one sum: the line falls by it up to the
 * first of the days, and neither days nor cone are stretched to hold it.
 */
function burnOf(budget: Budget, used: number, from_ms: number, to_ms: number, now_ms: number): Burn | null {
  const { limit, unit } = budget;
  if (limit === null) return null;
  const days = budget.days.filter(({ day }) => (day + 1) * DAY_MS > from_ms && day <= dayOf(now_ms));
  const counted = Math.min(
    used,
    days.reduce((sum, day) => sum + day[unit], 0),
  );
  const before = used - counted;
  const first_ms = Math.max(from_ms, (days[0]?.day ?? dayOf(now_ms)) * DAY_MS);
  const burn = burnDown({
    limit: limit - before,
    used: counted,
    from_ms: before > 0 ? first_ms : from_ms,
    to_ms,
    now_ms,
    steps: stepsOf(days, unit),
  });
  return {
    ...burn,
    line: before > 0 ? [{ x: from_ms, y: limit }, ...burn.line] : burn.line,
    even: [
      { x: from_ms, y: limit },
      { x: to_ms, y: 0 },
    ],
    per_day: limit / ((to_ms - from_ms) / DAY_MS),
  };
}

function stepsOf(days: Budget["days"], unit: BudgetUnit) {
  const [first] = days;
  if (first === undefined) return { from: 0, step_ms: DAY_MS, values: [] };
  const last = days.at(-1)?.day ?? first.day;
  const spent = new Map(days.map((day) => [day.day, day[unit]]));
  const values = Array.from({ length: last - first.day + 1 }, (_, i) => spent.get(first.day + i) ?? 0);
  return { from: first.day * DAY_MS, step_ms: DAY_MS, values };
}
