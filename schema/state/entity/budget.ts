import type { Usage } from "./usage.ts";

export const BUDGET_SCOPES = ["project", "feature", "agent", "role"] as const;

export type BudgetScope = (typeof BUDGET_SCOPES)[number];

/** `month` is a month of UTC, by event time. */
export const BUDGET_PERIODS = ["month", "lifetime"] as const;

export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export const BUDGET_UNITS = ["usd", "tokens"] as const;

export type BudgetUnit = (typeof BUDGET_UNITS)[number];

/** What one budget counted in one of its periods. Amounts are in the budget's unit. */
export interface BudgetAccount {
  /** When the period began, ms; 0: the budget's whole lifetime. */
  from: number;
  usage: Usage;
  /** What was reserved for calls whose cost nobody knows: it stands in the place of that cost. */
  assumed: number;
  /** Calls that came after their reservation had expired or was given back. */
  late_calls: number;
  /** Calls above what was reserved for them, and by how much together. */
  over_calls: number;
  over: number;
  /** The highest threshold that was told of, in percent; 0: none yet. */
  announced: number;
}

/** What was spent on one day of UTC, by event time: days since the epoch. */
export interface BudgetDay {
  day: number;
  usd: number;
  tokens: number;
}

export interface Budget {
  id: string;
  title: string | null;
  scope: BudgetScope;
  /** The one of these that `scope` names; the others are null. */
  feature_id: string | null;
  agent: string | null;
  role: string | null;
  period: BudgetPeriod;
  unit: BudgetUnit;
  /** Null: hidden from a shared view. */
  limit: number | null;
  /** Reservations are refused when it is used up. */
  hard: boolean;
  /** How often it was set. */
  revision: number;
  set_at: number;
  set_by: string | null;
  /** Calls before it are not in the first period; null: all there were are. */
  counted_from: number | null;
  /** Event time of the earliest call that was counted one by one. */
  first_at: number | null;
  /** In order of `from`. */
  accounts: BudgetAccount[];
  /** The newest days with calls, in order. */
  days: BudgetDay[];
}

/** Part of the budgets that is held for a call until it is settled, given back, or expires. */
export interface Reservation {
  id: string;
  /** Id of the key that asked for it; null: a person did, or it is older than that this is kept. */
  key_id: string | null;
  agent: string | null;
  role: string | null;
  feature_id: string | null;
  task_id: string | null;
  usd: number | null;
  tokens: number | null;
  made_at: number;
  expires_at: number;
  /** What the calls that named it came to. */
  calls: number;
  settled_usd: number;
  settled_tokens: number;
  released: boolean;
}

export interface Spending {
  /** The whole project's usage by month (its beginning in UTC, ms), so that a budget that is set later knows it. */
  months: Map<number, Usage>;
  budgets: Map<string, Budget>;
  /** Neither settled nor given back; some have expired. */
  held: Map<string, Reservation>;
  /** Settled, given back, or expired long ago; the newest last. */
  ended: Map<string, Reservation>;
}

export interface WireSpending {
  months: { from: number; usage: Usage }[];
  budgets: Budget[];
  held: Reservation[];
  ended: Reservation[];
}
