/** The pure parts of the budgets page: how a budget stands, its burn-down, its words, its form and the sentence. */
import { describe, expect, it } from "vitest";
import { createUsage } from "../../../schema/state/usage.ts";
import type { Budget, Reservation } from "../../../schema/state/entity/budget.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { budgetChange, draftErrors, newBudget, readAmount, type BudgetDraft } from "./form.ts";
import { BUDGET_TABLE } from "./headline.ts";
import { budgetCard, budgetCards } from "./standing.ts";
import { budgetNumbers } from "./summary.ts";
import { aboutText, exhaustionText } from "./words.ts";

const DAY_MS = 86_400_000;
const FROM = Date.UTC(2026, 10, 1);
/** In the middle of the eleventh day. */
const NOW = FROM + 10.5 * DAY_MS;
const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });

const budget = (more: Partial<Budget> = {}, reported_usd = 0): Budget => ({
  ...{ id: "b", title: null, scope: "project", feature_id: null, agent: null, role: null, period: "month" },
  ...{ unit: "usd", limit: 300, hard: false, revision: 1, set_at: FROM, set_by: null },
  ...{ counted_from: null, first_at: FROM, days: [] },
  accounts: [
    {
      ...{ from: FROM, assumed: 0, late_calls: 0, over_calls: 0, over: 0, announced: 0 },
      usage: { ...createUsage(), reported_usd, reported_calls: 3, calls: 5, priced_calls: 0 },
    },
  ],
  ...more,
});
const days = (...usd: number[]) => usd.map((each, i) => ({ day: FROM / DAY_MS + i, usd: each, tokens: 7 }));
const held = (id: string, ends_ms: number, more: Partial<Reservation> = {}): Reservation => ({
  ...{
    id,
    key_id: null,
    agent: "a",
    role: null,
    feature_id: null,
    task_id: null,
    usd: 2,
    tokens: null,
    made_at: NOW,
  },
  ...{ calls: 0, settled_usd: 0, settled_tokens: 0, released: false },
  expires_at: NOW + ends_ms,
  ...more,
});

describe("a budget's card", () => {
  it("tells used, reserved and left, and what nobody knows the cost of", () => {
    const card = budgetCard(budget({}, 100), [held("x", 60_000), held("late", 9), held("gone", 0)], NOW);
    expect(card).toMatchObject({
      used: 100,
      reserved: 4,
      left: 196,
      threshold: 0,
      unknown_calls: 2,
      ends: true,
    });
    expect(card.parts).toEqual({ reported: 100, priced: 0, assumed: 0 });
    expect(card.reservations.map(({ id }) => id)).toEqual(["late", "x"]);
  });
  it("holds reservations of its own agents alone", () => {
    const card = budgetCard(budget({ scope: "agent", agent: "b" }), [held("x", 60_000)], NOW);
    expect(card).toMatchObject({ reserved: 0, reservations: [], name: "b" });
  });
  it("burns down by its days", () => {
    const spent = [10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 5];
    const { burn } = budgetCard(budget({ days: days(...spent) }, 105), [], NOW);
    expect(burn?.left).toBe(195);
    expect(burn?.line[0]).toEqual({ x: FROM, y: 300 });
    expect(burn?.line.find(({ x }) => x === FROM + 5 * DAY_MS)?.y).toBeCloseTo(250);
    expect(burn?.line.at(-1)).toMatchObject({ x: NOW });
    expect(burn?.line.at(-1)?.y).toBeCloseTo(195);
    expect(burn).toMatchObject({ days: 10, per_day: 10 });
  });
  it("does not stretch its days over what was spent before they were counted", () => {
    // 200 were gone when it was set, on the ninth day; since then 10 a day.
    const late = budget({ days: days(...Array<number>(8).fill(0), 10, 10, 5).slice(8) }, 225);
    const { burn } = budgetCard(late, [], NOW);
    expect(burn?.line[0]).toEqual({ x: FROM, y: 300 });
    expect(burn?.line[1]).toEqual({ x: FROM + 8 * DAY_MS, y: 100 });
    expect(burn?.left).toBeCloseTo(75);
    expect(burn?.days).toBe(2);
    expect(burn?.cone).toBeNull();
  });
  it("looks ahead over a lifetime as far as it looks back", () => {
    const card = budgetCard(
      budget({ period: "lifetime", first_at: NOW - 40 * DAY_MS, accounts: [] }),
      [],
      NOW,
    );
    expect(card.ends).toBe(false);
    expect(card.to_ms - NOW).toBeGreaterThanOrEqual(40 * DAY_MS);
    expect(card.burn?.left).toBe(300);
  });
  it("says nothing of a hidden limit, and comes without numbers that are none", () => {
    const card = budgetCard(budget({ limit: null }), [], NOW);
    expect(card).toMatchObject({ limit: null, left: null, share: null, burn: null });
    const none = budgetCard(budget({ limit: 0 }), [], NOW);
    expect(none.share).toBeNull();
    expect(JSON.stringify(none.burn)).not.toContain("null,null");
    for (const { y } of none.burn?.line ?? []) expect(Number.isFinite(y)).toBe(true);
  });
  it("puts the hard ones first, then what is used most", () => {
    const of = (...all: Budget[]) =>
      budgetCards({ budgets: new Map(all.map((each) => [each.id, each])), held: new Map() }, NOW).map(
        (card) => card.budget.id,
      );
    expect(
      of(budget({ id: "some" }, 1), budget({ id: "most" }, 9), budget({ id: "hard", hard: true })),
    ).toEqual(["hard", "most", "some"]);
  });
});

describe("words of a budget", () => {
  it("name days alone, and a range where there is one", () => {
    const at = { to_ms: Date.UTC(2026, 11, 1), ends: true };
    const say = (exhaustion: Parameters<typeof exhaustionText>[0]["exhaustion"]) =>
      exhaustionText({ exhaustion, ...at }, format);
    expect(say({ state: "unknown" })).toBe("unknown: less than a day of calls");
    expect(say({ state: "not_in_period" })).toBe("not before 1 Dec");
    expect(say({ state: "expected", from: NOW, to: NOW + 3 * DAY_MS })).toBe("11 Nov to 14 Nov");
    expect(say({ state: "expected", from: NOW, to: NOW })).toBe("about 11 Nov");
    expect(say({ state: "expected", from: NOW, to: null })).toBe("11 Nov at the earliest");
  });
  it("say whose it is", () => {
    expect(aboutText(budget())).toBe("Whole project, by the month, soft: tells only");
    expect(aboutText(budget({ scope: "role", role: "coder", period: "lifetime", hard: true }))).toBe(
      "Role coder, for its lifetime, hard: refuses calls",
    );
  });
});

describe("the form", () => {
  const draft = (more: Partial<BudgetDraft> = {}): BudgetDraft => ({
    ...{
      title: " ",
      scope: "project",
      whose: "",
      period: "month",
      unit: "usd",
      limit: "$1,250.50",
      hard: true,
    },
    ...more,
  });
  it("reads amounts as people write them, and no others", () => {
    expect(readAmount("$1,250.50", "usd")).toBe(1250.5);
    expect(readAmount("1_000_000", "tokens")).toBe(1e6);
    for (const wrong of ["", "-1", "1e9", "ten", "1.5.2", "∞"]) expect(readAmount(wrong, "usd")).toBeNull();
    expect(readAmount("1.5", "tokens")).toBeNull();
  });
  it("says what is missing", () => {
    expect(draftErrors(draft())).toEqual({});
    expect(draftErrors(draft({ scope: "agent" })).whose).toContain("which agent");
    expect(draftErrors(draft({ limit: "much" })).limit).toContain("250 or 49.50");
  });
  it("asks for what the route takes", () => {
    expect(newBudget(draft())).toEqual({
      ...{ scope: "project", period: "month", title: null, hard: true, limit_usd: 1250.5 },
    });
    expect(newBudget(draft({ scope: "feature", whose: " f ", unit: "tokens", limit: "9" }))).toEqual({
      ...{ scope: "feature", feature_id: "f", period: "month", title: null, hard: true, limit_tokens: 9 },
    });
    expect(budgetChange(draft({ title: "Team" }))).toEqual({ title: "Team", hard: true, limit_usd: 1250.5 });
  });
});

describe("the sentence of the budgets", () => {
  const say = (...all: Budget[]) =>
    textOf(
      headlineOf(
        BUDGET_TABLE,
        budgetNumbers(
          all.map((each) => budgetCard(each, [], NOW)),
          format,
          (id) => `#budget-${id}`,
        ),
      ),
    );
  const quiet = (reported_usd: number, more: Partial<Budget> = {}) => {
    const made = budget(more, reported_usd);
    return {
      ...made,
      accounts: made.accounts.map((each) => ({ ...each, usage: { ...each.usage, calls: 3 } })),
    };
  };
  it("says that there is none", () => {
    expect(say()).toBe("No budget is set: nothing tells when money runs out.");
  });
  it("says what is used up, and of what nobody knows the cost", () => {
    expect(say(budget({ title: "Sprint" }, 300))).toBe(
      "Sprint is used up. Two calls are of unknown cost and in no sum.",
    );
  });
  it("says when the next ends, as far as it is known", () => {
    const running = quiet(110, { title: "Sprint", limit: 150, days: days(...Array<number>(11).fill(10)) });
    // The day that its chart shows.
    expect(say(running)).toBe("Sprint will be used up on 15 Nov at P50.");
    const untitled = quiet(110, { limit: 150, days: days(...Array<number>(11).fill(10)) });
    expect(say(untitled)).toBe("The project's budget will be used up on 15 Nov at P50.");
    // Too few days for a cone: the rates speak.
    const young = quiet(110, { limit: 150, days: days(...Array<number>(11).fill(10)).slice(-1) });
    expect(say(young)).toMatch(/ at the rates of today and of the last seven days so far\.$/);
  });
  it("says that all last, and that of few days it is only so far", () => {
    const calm = quiet(11, { days: days(...Array<number>(11).fill(1)) });
    expect(say(calm)).toBe("The budget lasts its period at the rates of today and of the last seven days.");
    const short = quiet(3, {
      days: days(1, 1, 1).map((each) => ({ ...each, day: each.day + 8 })),
      first_at: NOW - 2 * DAY_MS,
    });
    expect(say(short)).toContain("so far.");
  });
  it("says what nobody can tell", () => {
    expect(say(quiet(0, { first_at: null }))).toBe(
      "When it ends is unknown: there is less than a day of calls.",
    );
  });
});
