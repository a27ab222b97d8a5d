/** `/v1/budgets`: what may be spent, what was, and what is set aside. Times are RFC 3339; amounts in the budget's unit. */
import type { BudgetPeriod, BudgetScope, BudgetUnit } from "../state/entity/budget.ts";

export interface BudgetInfo {
  id: string;
  title: string | null;
  scope: BudgetScope;
  /** The one of these that the scope names. */
  feature_id: string | null;
  agent_id: string | null;
  role: string | null;
  period: BudgetPeriod;
  unit: BudgetUnit;
  limit: number;
  /** Reservations are refused when it is used up; a soft one only tells. */
  hard: boolean;
  set_at: string;
  /** A person's id, or `key <id>`. */
  set_by: string | null;
  /** Null for a lifetime. */
  period_start: string | null;
  period_end: string | null;
  /** Calls before it are not counted in this period, for nobody knew them when the budget was set; null: all are. */
  counted_from: string | null;
  /** Reported, priced, and what was reserved for calls of unknown cost (`assumed`). */
  used: number;
  /** What reservations hold now. */
  reserved: number;
  remaining: number;
  /** `used` of `limit`, 1 is all of it; null for a limit of zero. */
  share: number | null;
  /** In percent: the highest of 50, 80 and 100 that is reached; 0: none. */
  threshold: number;
  /** Of this period. `unknown`: nobody knows what they cost. */
  calls: { all: number; reported: number; priced: number; unknown: number };
  assumed: number;
  /** Calls after their reservation had ended. */
  late_calls: number;
  /** Calls above what was reserved for them, and by how much together. */
  over_calls: number;
  over: number;
  exhaustion: ExhaustionInfo;
}

/** When it will be used up at the rate of the last seven days and of today. */
export type ExhaustionInfo =
  /** Less than a day of calls. */
  | { state: "unknown" }
  | { state: "used_up" }
  | { state: "not_in_period" }
  /** `to` null: at the slower of the rates not in this period. */
  | { state: "expected"; from: string; to: string | null };

export interface BudgetsResponse {
  /** When this was so. */
  time: string;
  budgets: BudgetInfo[];
}

export interface BudgetResponse {
  budget: BudgetInfo;
}

/** The answer to a question, so both are 200: a `no` is no error, and what answers neither way is a server that is away. */
export type ReserveResponse =
  | {
      granted: true;
      /** For `metadata.reservation_id` of the call's tokens_used; null: no budget applies, nothing is held. */
      reservation_id: string | null;
      expires_at: string | null;
      /** The same idempotency key was granted before. */
      repeated: boolean;
      /** What is held; null: unknown, which only soft budgets take. */
      amount_usd: number | null;
      tokens: number | null;
      /** The least that is left of any budget it falls under. */
      remaining_usd: number | null;
      remaining_tokens: number | null;
    }
  | {
      granted: false;
      reason: "budget" | "too_many_reservations";
      /** What is wrong, and what to do. */
      message: string;
      budget_id: string | null;
      unit: BudgetUnit | null;
      limit: number | null;
      used: number | null;
      reserved: number | null;
      remaining: number | null;
      /** When enough of what is reserved by others expires; null: only a person or the next period helps. */
      retry_after_s: number | null;
      period_end: string | null;
    };

export interface ReleaseResponse {
  /** False: no such reservation, or it expired long ago. */
  released: boolean;
}
