/** What a budget's form can know before it asks the server. */
import type { BudgetPeriod, BudgetScope, BudgetUnit } from "../../../schema/state/entity/budget.ts";
import type { BudgetChange, NewBudget } from "../api/api.ts";

export interface BudgetDraft {
  title: string;
  scope: BudgetScope;
  /** The feature, agent or role. */
  whose: string;
  period: BudgetPeriod;
  unit: BudgetUnit;
  limit: string;
  hard: boolean;
}

export interface DraftErrors {
  whose?: string;
  limit?: string;
}

/** Null of what is no amount. Digits may be grouped, and a dollar sign may stand before them. */
export function readAmount(text: string, unit: BudgetUnit): number | null {
  const plain = text
    .trim()
    .replace(/^\$/, "")
    .replaceAll(/[,_\s]/g, "");
  if (!/^\d+(\.\d+)?$/.test(plain)) return null;
  const amount = Number(plain);
  return Number.isFinite(amount) && (unit === "usd" || Number.isInteger(amount)) ? amount : null;
}

export function draftErrors({ scope, whose, limit, unit }: BudgetDraft): DraftErrors {
  const errors: DraftErrors = {};
  if (scope !== "project" && whose.trim() === "")
    errors.whose = `Say which ${scope}: its name as events have it.`;
  if (readAmount(limit, unit) === null)
    errors.limit =
      unit === "usd" ? "Give an amount in dollars, such as 250 or 49.50." : "Give a whole number of tokens.";
  return errors;
}

export function newBudget(draft: BudgetDraft): NewBudget {
  const { scope, period } = draft;
  const whose = draft.whose.trim();
  return {
    scope,
    period,
    ...(scope === "feature" ? { feature_id: whose } : {}),
    ...(scope === "agent" ? { agent_id: whose } : {}),
    ...(scope === "role" ? { role: whose } : {}),
    ...budgetChange(draft),
  };
}

export function budgetChange({ title, hard, unit, limit }: BudgetDraft): BudgetChange {
  const amount = readAmount(limit, unit) ?? 0;
  const name = title.trim();
  return {
    title: name === "" ? null : name,
    hard,
    ...(unit === "usd" ? { limit_usd: amount } : { limit_tokens: amount }),
  };
}
