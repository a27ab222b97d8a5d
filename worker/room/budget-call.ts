/** What the Worker asks of a room's budgets, and what it is told. */
import type { Spender } from "../../schema/state/budget.ts";
import type { Standing } from "../../schema/state/budget-standing.ts";
import type {
  Budget,
  BudgetPeriod,
  BudgetScope,
  BudgetUnit,
  WireSpending,
} from "../../schema/state/entity/budget.ts";
import type { Scope } from "../../schema/wire/http.ts";

/** What stays as it is for the budget's life. */
export interface BudgetKind {
  scope: BudgetScope;
  feature_id: string | null;
  agent: string | null;
  role: string | null;
  period: BudgetPeriod;
  unit: BudgetUnit;
}

export interface BudgetTerms {
  title: string | null;
  limit: number;
  hard: boolean;
}

export interface ReserveAsk extends Spender {
  /** The sender's idempotency key; null: each request is another one. */
  key: string | null;
  agent: string;
  task_id: string | null;
  usd: number | null;
  tokens: number | null;
  ttl_ms: number;
}

export type BudgetCall =
  | { kind: "read" }
  /** `request_id`: the cause of the event. `by`: who asks, for people. */
  | { kind: "create"; id: string; is: BudgetKind; terms: BudgetTerms; by: string; request_id: string }
  /** What is left out stays as it is. */
  | {
      kind: "change";
      id: string;
      terms: Partial<BudgetTerms>;
      /** Of the limit. */ unit: BudgetUnit | null;
      by: string;
      request_id: string;
    }
  | { kind: "remove"; id: string; by: string; request_id: string }
  | { kind: "reserve"; ask: ReserveAsk }
  /** `agent_id` undefined: the key alone says whose it is. */
  | { kind: "release"; reservation_id: string; agent_id?: string | undefined }
  | { kind: "check"; spender: Spender };

export type BudgetReply =
  | { ok: true; kind: "spending"; now_ms: number; spending: Pick<WireSpending, "budgets" | "held"> }
  | { ok: true; kind: "budget"; now_ms: number; budget: Budget; held: WireSpending["held"] }
  | { ok: true; kind: "done" }
  | {
      ok: true;
      kind: "granted";
      /** Null: no budget applies, so nothing is held. */ reservation: Granted | null;
    }
  | {
      ok: true;
      kind: "denied";
      now_ms: number;
      /** Null: too many reservations hold at once, or too many of this key. */
      over: { budget: Budget; standing: Standing } | null;
      free_at: number | null;
    }
  /** Of `check`: null, or the hard budget that is used up. */
  | { ok: true; kind: "checked"; over: { budget: Budget; standing: Standing } | null }
  /** The budget needs an amount that nobody knows. */
  | { ok: true; kind: "no_amount"; budget: Budget }
  /** The idempotency key stands for another reservation, or for one that ended long ago. */
  | { ok: true; kind: "key_used" }
  | { ok: true; kind: "wrong_unit"; /** The budget's own. */ unit: BudgetUnit }
  | { ok: true; kind: "too_many_budgets" }
  /** Another budget of the same subject, period and unit stands. */
  | { ok: true; kind: "budget_stands"; id: string }
  /** The reservation is another key's, or another agent's. */
  | { ok: true; kind: "not_yours" }
  | { ok: true; kind: "not_found" };

export interface Granted {
  id: string;
  expires_at: number;
  /** The same key was sent before: this is what it was told then. */
  repeated: boolean;
  /** The least that is left of any budget it falls under, per unit; null where none is in that unit. */
  remaining_usd: number | null;
  remaining_tokens: number | null;
}

export function scopeOf(call: BudgetCall): Scope {
  switch (call.kind) {
    case "read":
      return "read";
    case "create":
    case "change":
    case "remove":
      return "admin";
    case "reserve":
    case "release":
    case "check":
      return "ingest";
  }
}
