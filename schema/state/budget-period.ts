/** Months and days of UTC, in ms since the epoch. */
import type { Budget, BudgetAccount } from "./entity/budget.ts";

export const DAY_MS = 86_400_000;

export function monthOf(time_ms: number): number {
  const at = new Date(time_ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
}

export function monthAfter(from_ms: number): number {
  const at = new Date(from_ms);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1);
}

/** Days since the epoch. */
export function dayOf(time_ms: number): number {
  return Math.floor(time_ms / DAY_MS);
}

/** When the budget's period began that `time_ms` is in; 0 for a lifetime. */
export function periodOf({ period }: Pick<Budget, "period">, time_ms: number): number {
  return period === "lifetime" ? 0 : monthOf(time_ms);
}

/** When the period ends, ms; null: never. */
export function periodEnd({ period }: Pick<Budget, "period">, from_ms: number): number | null {
  return period === "lifetime" ? null : monthAfter(from_ms);
}

export function accountOf({ accounts }: Pick<Budget, "accounts">, from_ms: number): BudgetAccount | null {
  return accounts.findLast(({ from }) => from === from_ms) ?? null;
}
