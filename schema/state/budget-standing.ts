/**
 * Where a budget stands at a moment: pure, for the room that decides, the routes, the dashboard and the command.
 *
 *   limit ──┬── used: reported and priced cost (or tokens), and what was reserved for calls of unknown cost
 *           ├── reserved: what unsettled, unexpired reservations hold
 *           └── remaining
 *
 * Amounts are compared in billionths, so that ten times 0.1 is 1.
 */
import { fallsUnder, type Spender } from "./budget.ts";
import { accountOf, DAY_MS, dayOf, periodEnd, periodOf } from "./budget-period.ts";
import type { Budget, BudgetAccount, BudgetUnit, Reservation, Spending } from "./entity/budget.ts";
import type { Usage } from "./entity/usage.ts";

/** In percent. At the last one the budget is used up. */
export const THRESHOLDS: readonly number[] = [50, 80, 100];

/** A part of a dollar or of a token that is no difference. */
const BILLIONTH = 1e-9;

export interface Standing {
  from: number;
  /** Null: a lifetime has no end. */
  to: number | null;
  used: number;
  reserved: number;
  /** Null where the limit is hidden. */
  remaining: number | null;
  /** Of the limit, 1 is all of it; null where that is hidden or zero. */
  share: number | null;
}

export function standingOf(budget: Budget, now_ms: number, reservations: Iterable<Reservation>): Standing {
  const from = periodOf(budget, now_ms);
  const account = accountOf(budget, from);
  const used = account === null ? 0 : usedIn(account, budget.unit);
  const reserved = heldOf(budget, now_ms, reservations);
  const { limit } = budget;
  return {
    from,
    to: periodEnd(budget, from),
    used,
    reserved,
    remaining: limit === null ? null : Math.max(0, limit - used - reserved),
    share: limit === null || limit === 0 ? null : used / limit,
  };
}

export function usedIn({ usage, assumed }: BudgetAccount, unit: BudgetUnit): number {
  return spentOf(usage, unit) + assumed;
}

export function spentOf(usage: Usage, unit: BudgetUnit): number {
  if (unit === "usd") return usage.reported_usd + usage.priced_usd;
  // Reasoning is a part of the output.
  return usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens + usage.output_tokens;
}

export function holds(reservation: Reservation, now_ms: number): boolean {
  return now_ms < reservation.expires_at;
}

function heldOf(budget: Budget, now_ms: number, reservations: Iterable<Reservation>): number {
  let held = 0;
  for (const reservation of reservations)
    if (holds(reservation, now_ms) && fallsUnder(reservation, budget)) held += reservation[budget.unit] ?? 0;
  return held;
}

export function exceeds(amount: number, limit: number): boolean {
  // Nothing is nothing: a budget of 0 has no room for a billionth, however often it is asked.
  if (limit === 0) return amount > 0;
  return amount > limit + Math.max(BILLIONTH, limit * Number.EPSILON * 8);
}

/** The highest threshold that an account has reached; 0: none. */
export function reached(budget: Budget, account: BudgetAccount): number {
  const { limit } = budget;
  if (limit === null) return 0;
  const used = usedIn(account, budget.unit);
  // A budget of nothing is exceeded by anything, and not by nothing.
  if (limit === 0) return used > 0 ? (THRESHOLDS.at(-1) ?? 0) : 0;
  return THRESHOLDS.findLast((percent) => !exceeds((limit * percent) / 100, used)) ?? 0;
}

export interface Ask extends Spender {
  usd: number | null;
  tokens: number | null;
}

export type Decision =
  | { kind: "granted" }
  /** Money is budgeted, and nobody knows how much it would be; or tokens are. */
  | { kind: "no_amount"; budget: Budget }
  | {
      kind: "denied";
      budget: Budget;
      standing: Standing;
      /** When reservations that now hold it will have expired, ms; null: not before the period ends. */
      free_at: number | null;
    };

/** Whether all hard budgets that it falls under have room for it. `reservations`: all that may hold, also those not folded yet. */
export function decide(
  budgets: Iterable<Budget>,
  reservations: readonly Reservation[],
  ask: Ask,
  now_ms: number,
): Decision {
  for (const budget of budgets) {
    const { limit, unit } = budget;
    if (!budget.hard || limit === null || !fallsUnder(ask, budget)) continue;
    const amount = ask[unit];
    if (amount === null) return { kind: "no_amount", budget };
    const standing = standingOf(budget, now_ms, reservations);
    if (exceeds(standing.used + standing.reserved + amount, limit))
      return {
        kind: "denied",
        budget,
        standing,
        free_at: freeAt(budget, standing, reservations, amount, now_ms),
      };
  }
  return { kind: "granted" };
}

function freeAt(
  budget: Budget,
  { used, reserved }: Standing,
  reservations: readonly Reservation[],
  amount: number,
  now_ms: number,
): number | null {
  const limit = budget.limit ?? 0;
  let held = reserved;
  const holding = reservations
    .filter((each) => holds(each, now_ms) && fallsUnder(each, budget))
    .sort((a, b) => a.expires_at - b.expires_at);
  for (const each of holding) {
    held -= each[budget.unit] ?? 0;
    if (!exceeds(used + held + amount, limit)) return each.expires_at;
  }
  return null;
}

/** The hard budget that is used up for this spender, if there is one. Reserved is not used: whoever reserved it must be able to go on. */
export function usedUp(
  { budgets, held }: Pick<Spending, "budgets" | "held">,
  spender: Spender,
  now_ms: number,
): { budget: Budget; standing: Standing } | null {
  for (const budget of budgets.values()) {
    if (!budget.hard || budget.limit === null || !fallsUnder(spender, budget)) continue;
    const standing = standingOf(budget, now_ms, held.values());
    if (!exceeds(budget.limit, standing.used)) return { budget, standing };
  }
  return null;
}

/** When a budget will be used up, as a range: at the rate of the last seven days, and at today's. */
export type Exhaustion =
  /** Less than a day of calls, or a hidden limit. */
  | { state: "unknown" }
  | { state: "used_up" }
  | { state: "not_in_period" }
  /** `to` null: at the slower rate not in this period. */
  | { state: "expected"; from: number; to: number | null };

const WEEK_DAYS = 7;
/** Part of a day, ms, after which it has a rate of its own: one call right after midnight is none. */
const MIN_TODAY_MS = 3_600_000;
/** What is further away than ten years is no forecast. */
const MAX_AHEAD_MS = 3_653 * DAY_MS;

export function exhaustionOf(budget: Budget, { used, to }: Standing, now_ms: number): Exhaustion {
  const { limit, first_at, unit } = budget;
  if (limit === null) return { state: "unknown" };
  if (!exceeds(limit, used)) return { state: "used_up" };
  if (first_at === null || now_ms - first_at < DAY_MS) return { state: "unknown" };
  const today = dayOf(now_ms);
  const first = today - WEEK_DAYS + 1;
  const sum = (from: number) =>
    budget.days.reduce(
      (total, { day, ...spent }) => (day >= from && day <= today ? total + spent[unit] : total),
      0,
    );
  const week = sum(first) / (now_ms - Math.max(first * DAY_MS, first_at));
  const today_ms = now_ms - today * DAY_MS;
  const rates = today_ms < MIN_TODAY_MS ? [week] : [week, sum(today) / today_ms];
  const end = to ?? now_ms + MAX_AHEAD_MS;
  const dates = rates.map((rate) => (rate > 0 ? now_ms + (limit - used) / rate : Infinity));
  const earliest = Math.min(...dates);
  const latest = Math.max(...dates);
  if (earliest >= end) return { state: "not_in_period" };
  return { state: "expected", from: Math.round(earliest), to: latest >= end ? null : Math.round(latest) };
}
