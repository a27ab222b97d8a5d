import { describe, expect, it } from "vitest";
import { budgetRequest, budgetChange } from "../../schema/wire/budget-body.ts";
import type { BudgetInfo } from "../../schema/wire/budget.ts";
import { budgetTable } from "../print/budget-table.ts";
import { settingOf } from "./budget.ts";

const none = { lifetime: false, hard: false, soft: false };
const info: BudgetInfo = {
  ...{
    id: "b1",
    title: null,
    scope: "project",
    feature_id: null,
    agent_id: null,
    role: null,
    period: "month",
  },
  ...{ unit: "usd", limit: 50, hard: true, set_at: "2026-11-01T00:00:00.000Z", set_by: null },
  ...{ period_start: "2026-11-01T00:00:00.000Z", period_end: "2026-12-01T00:00:00.000Z", counted_from: null },
  ...{ used: 12.4, reserved: 0.5, remaining: 37.1, share: 0.248, threshold: 0 },
  calls: { all: 12, reported: 9, priced: 2, unknown: 1 },
  ...{ assumed: 0, late_calls: 0, over_calls: 0, over: 0 },
  exhaustion: { state: "expected", from: "2026-11-24T08:00:00.000Z", to: "2026-11-27T08:00:00.000Z" },
};

describe("clusterfork budget", () => {
  it("asks what was typed, in a form that the server takes", () => {
    const made = settingOf({ ...none, feature: "add-auth", usd: "5", hard: true });
    expect(made).toEqual({
      ...{ method: "POST", path: "/v1/budgets" },
      body: { scope: "feature", feature_id: "add-auth", period: "month", limit_usd: 5, hard: true },
    });
    expect(budgetRequest.safeParse(made.body).success).toBe(true);
    const whole = settingOf({ ...none, tokens: "1000000", lifetime: true }).body;
    expect(budgetRequest.parse(whole)).toMatchObject({
      scope: "project",
      period: "lifetime",
      limit_tokens: 1e6,
    });
    const changed = settingOf({ ...none, id: "b/1", usd: "6", soft: true });
    expect(changed).toEqual({
      method: "PUT",
      path: "/v1/budgets/b%2F1",
      body: { limit_usd: 6, hard: false },
    });
    expect(budgetChange.safeParse(changed.body).success).toBe(true);
  });

  it.each([
    [{ ...none, usd: "-1" }, /number from 0/],
    [{ ...none, usd: "5 EUR" }, /number from 0/],
    [{ ...none, feature: "f" }, /how much: --usd/],
    [{ ...none, usd: "5", tokens: "5" }, /--usd or --tokens, not both/],
    [{ ...none, usd: "5", hard: true, soft: true }, /not both/],
    [{ ...none, usd: "5", feature: "f", role: "r" }, /one of them/],
    [{ ...none, id: "b1", feature: "f" }, /stay/],
  ])("refuses %j in words", (asked, words) => expect(() => settingOf(asked)).toThrow(words));

  it("[M2] prints a table, and what stands behind the money", () => {
    const tokens: BudgetInfo = {
      ...info,
      ...{ id: "b2", title: "re\u001bd", scope: "role", role: "coder", unit: "tokens", period: "lifetime" },
      ...{ used: 1_200_000, limit: 0, share: null, hard: false, late_calls: 1, over_calls: 2, over: 3_000 },
      exhaustion: { state: "unknown" },
    };
    const lines = budgetTable([info, tokens]).split("\n");
    expect(lines).toEqual([
      "budget  of                used  reserved        limit   %  exhausted about",
      "──────  ──────────────  ──────  ────────  ───────────  ──  ────────────────────────",
      "b1      project, month  $12.40     $0.50  $50.00 hard  24  2026-11-24 to 2026-11-27",
      "b2 red  role coder      1.20 M         1       0 soft   –  unknown yet",
      "",
      "b1: 9 calls reported, 2 calls priced, 1 call of unknown cost",
      "b2: 1 call came after the reservation had ended",
      "b2: 2 calls went 3.00 k beyond what was reserved",
    ]);
    expect(budgetTable([])).toMatch(/^No budgets. Set one/);
  });
});
