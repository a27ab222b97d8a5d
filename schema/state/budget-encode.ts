/** Spending as JSON and back, and its copies: see encode.ts and copy.ts, which say what is shared. */
import type { Budget, Reservation, Spending, WireSpending } from "./entity/budget.ts";

export function encodeSpending({ months, budgets, held, ended }: Spending): WireSpending {
  return {
    months: Array.from(months, ([from, usage]) => ({ from, usage })),
    budgets: [...budgets.values()],
    held: [...held.values()],
    ended: [...ended.values()],
  };
}

export function decodeSpending({ months, budgets, held, ended }: WireSpending): Spending {
  return {
    months: new Map(months.map(({ from, usage }) => [from, usage])),
    budgets: new Map(budgets.map((budget) => [budget.id, budget])),
    held: new Map(held.map((reservation) => [reservation.id, reservation])),
    ended: new Map(ended.map((reservation) => [reservation.id, reservation])),
  };
}

export function copySpending({ months, budgets, held, ended }: Spending): Spending {
  return {
    months: new Map(Array.from(months, ([from, usage]) => [from, { ...usage }])),
    budgets: new Map(Array.from(budgets, ([id, budget]) => [id, copyBudget(budget)])),
    held: copyReservations(held),
    ended: copyReservations(ended),
  };
}

export function spendingEntries({ months, budgets, held, ended }: Spending): number {
  return months.size + budgets.size + held.size + ended.size;
}

function copyBudget(budget: Budget): Budget {
  return {
    ...budget,
    accounts: budget.accounts.map((account) => ({ ...account, usage: { ...account.usage } })),
    days: budget.days.map((day) => ({ ...day })),
  };
}

function copyReservations(reservations: Spending["held"]): Spending["held"] {
  return new Map(
    Array.from(reservations, ([id, reservation]): [string, Reservation] => [id, { ...reservation }]),
  );
}
