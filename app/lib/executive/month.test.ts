import { describe, expect, it } from "vitest";
import { createState } from "../../../schema/state/apply.ts";
import type { Budget } from "../../../schema/state/state.ts";
import { burnDown } from "../budget/burn.ts";
import { leftOf } from "../budget/words.ts";
import { monthOf, paceOf, saidOf } from "./month.ts";

const NOW = Date.UTC(2026, 10, 16);
const budget = (id: string, more: Partial<Budget> = {}): Budget => ({
  id,
  title: null,
  scope: "project",
  feature_id: null,
  agent: null,
  role: null,
  period: "month",
  unit: "usd",
  limit: 100,
  hard: false,
  revision: 1,
  set_at: NOW,
  set_by: null,
  counted_from: null,
  first_at: null,
  accounts: [],
  days: [],
  ...more,
});
const among = (...budgets: Budget[]) => {
  const { spending } = createState();
  for (const one of budgets) spending.budgets.set(one.id, one);
  return monthOf(spending, NOW);
};

describe("the month's budget", () => {
  it("is the project's own, else the first in dollars by the month", () => {
    expect(among()).toBeNull();
    expect(among(budget("a", { unit: "tokens" }), budget("b", { period: "lifetime" }))).toBeNull();
    expect(among(budget("a", { limit: null }))).toBeNull();
    const own = budget("own");
    const role = budget("a", { scope: "role", role: "coder", limit: 7 });
    expect(among(role, own)).toMatchObject({ name: "The November budget", limit: 100 });
    expect(among(role)).toMatchObject({
      name: "The November budget “coder”",
      limit: 7,
      filter: { role: "coder", agent: undefined, feature: undefined },
    });
  });

  it("is half over in the middle of the month, and says so to the Board", () => {
    const month = among(budget("own"));
    if (month === null) throw new Error("there is one");
    expect(month.used).toBe(0);
    expect(paceOf(month, NOW)).toEqual({ used: 0, elapsed: 0.5 });
    expect(paceOf({ ...month, limit: 0 }, NOW)).toBeNull();
  });

  it("is spoken of as surely as its days allow", () => {
    const month = among(budget("own"));
    if (month === null) throw new Error("there is one");
    const say = (values: (number | null)[], limit = 100) => {
      const used = values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
      const steps = { from: month.from_ms, step_ms: 86_400_000, values };
      return saidOf(month, burnDown({ ...month, limit, used, now_ms: NOW, steps }), "#b", () => "a day");
    };
    expect(say([]).kind).toBe("unknown");
    expect(say([...Array.from({ length: 15 }, () => 1)])).toMatchObject({ kind: "lasts", days: 14 });
    expect(say([...Array.from({ length: 15 }, () => 5)])).toMatchObject({
      kind: "runs_out",
      percentile: "P50",
      when: "a day",
    });
    expect(say([...Array.from({ length: 15 }, (_, day) => (day % 2) * 6.2)])).toMatchObject({
      kind: "runs_out",
      percentile: "P80",
    });
    expect(say([101]).kind).toBe("used_up");
  });

  it("says what is left, and what is over, never a negative rest", () => {
    const money = (usd: number) => `$${usd}`;
    expect(leftOf(12, 50, money)).toEqual(["$12 left", "of $50"]);
    expect(leftOf(0, 50, money)).toEqual(["$0 left", "of $50"]);
    expect(leftOf(-4, 3, money)).toEqual(["$4 over", "$3"]);
  });
});
