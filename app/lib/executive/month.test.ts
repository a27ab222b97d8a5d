import { describe, expect, it } from "vitest";
import { createState } from "../../../schema/state/apply.ts";
import type { Budget } from "../../../schema/state/entity/budget.ts";
import { createUsage } from "../../../schema/state/usage.ts";
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
    expect(among(role)).toMatchObject({ name: "The November budget “coder”", limit: 7 });
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
      const burn = burnDown({ ...month, limit, used, now_ms: NOW, steps });
      return saidOf({ ...month, burn }, "#b", () => "a day");
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

  it("burns down on the days of UTC that it counts itself, late in the month too", () => {
    const late_ms = Date.UTC(2026, 10, 28, 6);
    const day = (date: number) => Date.UTC(2026, 10, date) / 86_400_000;
    const usage = { ...createUsage(), calls: 5, reported_calls: 5, reported_usd: 50 };
    const days = [23, 24, 25, 26, 27].map((date) => ({ day: day(date), usd: date - 15, tokens: 0 }));
    const { spending } = createState();
    const account = { from: Date.UTC(2026, 10), usage, assumed: 0, late_calls: 0, over_calls: 0, over: 0 };
    spending.budgets.set("b", budget("b", { days, accounts: [{ ...account, announced: 0 }] }));
    const month = monthOf(spending, late_ms);
    if (month === null) throw new Error("there is one");
    const left = [24, 25, 26, 27, 28].map(
      (date) => month.burn.line.find(({ x }) => x === Date.UTC(2026, 10, date))?.y,
    );
    expect(left).toEqual([92, 83, 73, 62, 50]);
    expect(month.burn).toMatchObject({ left: 50, days: 5 });
    expect(month.burn.cone?.end.p50).toBeCloseTo(50 - 2.75 * 10);
  });

  it("says what is left, and what is over, never a negative rest", () => {
    const money = (usd: number) => `$${usd}`;
    expect(leftOf(12, 50, money)).toEqual(["$12 left", "of $50"]);
    expect(leftOf(0, 50, money)).toEqual(["$0 left", "of $50"]);
    expect(leftOf(-4, 3, money)).toEqual(["$4 over", "$3"]);
  });
});
