import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../event/event.ts";
import { apply, createState } from "./apply.ts";
import { accountOf } from "./budget-period.ts";
import { decide, exhaustionOf, reached, standingOf, type Ask } from "./budget-standing.ts";
import { decodeState, encodeState, stateText } from "./encode.ts";
import { redactState } from "./redact.ts";
import * as limits from "./limits.ts";
import type { Budget } from "./entity/budget.ts";
import type { ProjectState, WireState } from "./state.ts";

const NOV = Date.UTC(2026, 10, 1);
const DEC = Date.UTC(2026, 11, 1);
const NOON = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();

interface Step extends Partial<Pick<StoredEvent, "agent_id" | "agent_role" | "task_id" | "feature_id">> {
  type: string;
  at?: number;
  received?: number;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}

function play(steps: readonly Step[], state = createState()): ProjectState {
  for (const { type, at = NOON, received = at, ...rest } of steps) {
    const seq = state.seq + 1;
    apply(state, {
      ...{ seq, id: `e${seq}`, event_type: type, agent_id: "coder-a", source: "api", key_id: "k", v: 1 },
      ...{ timestamp: iso(at), received_at: iso(received) },
      ...rest,
    });
  }
  return state;
}

const set = (budget_id: string, limit: Record<string, number>, metadata: Step["metadata"] = {}): Step => ({
  type: "budget_set",
  metadata: { budget_id, scope: "project", period: "month", unit: "usd", hard: true, ...metadata },
  metrics: limit,
});
const call = (cost_usd: number, about: Partial<Step> = {}): Step => ({
  type: "tokens_used",
  metrics: { cost_usd },
  ...about,
});
const reserve = (
  reservation_id: string,
  amount_usd: number,
  expires: number,
  about: Step["metadata"] = {},
): Step => ({
  type: "budget_reserved",
  metadata: { reservation_id, agent: "coder-a", expires_at: iso(expires), ...about },
  metrics: { amount_usd },
});

function budgetOf(state: ProjectState, id = "b"): Budget {
  const budget = state.spending.budgets.get(id);
  if (budget === undefined) throw new Error(`no budget ${id}`);
  return budget;
}
const standing = (state: ProjectState, id = "b", now = NOON) =>
  standingOf(budgetOf(state, id), now, state.spending.held.values());
const ask: Ask = { agent: "coder-a", role: null, feature_id: null, usd: 1, tokens: null };
const decided = (state: ProjectState, asked: Partial<Ask> = {}, now = NOON) =>
  decide(state.spending.budgets.values(), [...state.spending.held.values()], { ...ask, ...asked }, now);

describe("[M1] a budget counts", () => {
  it("each call once, in its scope and in the month of its event time", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      set("f", { limit_usd: 10 }, { scope: "feature", feature: "F" }),
      set("a", { limit_usd: 10 }, { scope: "agent", agent: "coder-b" }),
      set("r", { limit_tokens: 1_000 }, { scope: "role", role: "reviewer", unit: "tokens" }),
      call(1),
      call(2, { feature_id: "F" }),
      call(4, { agent_id: "coder-b", feature_id: "F", at: NOV - 1, received: NOON }),
      call(8, {
        agent_role: "reviewer",
        metrics: { input_tokens: 5, cache_read_tokens: 7, output_tokens: 3, reasoning_tokens: 2 },
      }),
    ]);
    expect(standing(state)).toMatchObject({ from: NOV, to: DEC, used: 3, remaining: 7, share: 0.3 });
    expect(standing(state, "b", NOV - 1).used).toBe(4);
    expect(standing(state, "f").used).toBe(2);
    expect(standing(state, "a").used).toBe(0);
    expect(standing(state, "a", NOV - 1).used).toBe(4);
    expect(standing(state, "r").used).toBe(15);
  });

  it("the last millisecond of a month in it, the next one not", () => {
    const state = play([set("b", { limit_usd: 10 }), call(1, { at: DEC - 1 }), call(2, { at: DEC })]);
    expect([standing(state, "b", DEC - 1).used, standing(state, "b", DEC).used]).toEqual([1, 2]);
  });

  it("a call that settles, in the month of its reservation at least, and in all budgets that it was reserved of", () => {
    const settling = (about: Partial<Step>) =>
      play([
        set("b", { limit_usd: 10 }),
        set("f", { limit_usd: 10 }, { scope: "feature", feature: "F" }),
        reserve("r1", 10, NOON + MINUTE, { feature: "F" }),
        call(10, { metadata: { reservation_id: "r1" }, received: NOON, ...about }),
      ]);
    for (const about of [{ at: NOV - DAY, feature_id: "F" }, { feature_id: "G" }, {}]) {
      const state = settling(about);
      expect([standing(state).used, standing(state, "f").used], JSON.stringify(about)).toEqual([10, 10]);
      expect(state.spending.held.size).toBe(0);
      expect(decided(state).kind).toBe("denied");
    }
  });

  it("another agent's call that names a reservation as its own, and leaves what is held", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      reserve("r1", 8, NOON + MINUTE),
      call(0, { agent_id: "mallory", metadata: { reservation_id: "r1" } }),
      call(1, { agent_id: "mallory", metadata: { reservation_id: "r1" } }),
    ]);
    expect(standing(state)).toMatchObject({ used: 1, reserved: 8, remaining: 1 });
    play([call(8, { metadata: { reservation_id: "r1" } })], state);
    expect(standing(state)).toMatchObject({ used: 9, reserved: 0, remaining: 1 });
  });

  it("[M2] reported, priced and unknown cost apart; negative and endless ones not at all", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      call(1),
      call(2, { metadata: { cost_source: "priced", model: "m" } }),
      call(0, { metrics: { input_tokens: 9 }, metadata: { model: "nobody-knows" } }),
      call(-5),
      call(Number.POSITIVE_INFINITY),
      call(0),
    ]);
    expect(accountOf(budgetOf(state), NOV)?.usage).toMatchObject({
      ...{ calls: 6, reported_calls: 2, reported_usd: 1, priced_calls: 1, priced_usd: 2 },
    });
    expect(standing(state).used).toBe(3);
  });

  it("by the role of the agent where the call names none, and by the feature of its task", () => {
    const state = play([
      set("r", { limit_usd: 10 }, { scope: "role", role: "coder" }),
      set("f", { limit_usd: 10 }, { scope: "feature", feature: "F" }),
      { type: "agent_initialized", metadata: { role: "coder" } },
      { type: "task_created", task_id: "T", feature_id: "F" },
      call(3, { task_id: "T" }),
    ]);
    expect([standing(state, "r").used, standing(state, "f").used]).toEqual([3, 3]);
  });

  it("what was spent before it was set, where the state knows it; else from then on", () => {
    const before = [
      { type: "feature_requested", feature_id: "F" },
      call(1, { feature_id: "F" }),
      call(2, { at: NOV - 1, received: NOON, agent_id: "old" }),
      call(4, { agent_id: "old" }),
    ];
    const state = play([
      ...before,
      set("m", { limit_usd: 10 }),
      set("l", { limit_usd: 10 }, { period: "lifetime" }),
      set("f", { limit_usd: 10 }, { scope: "feature", feature: "F" }),
      set("o", { limit_usd: 10 }, { scope: "agent", agent: "old" }),
      set("ol", { limit_usd: 10 }, { scope: "agent", agent: "old", period: "lifetime" }),
    ]);
    expect([standing(state, "m").used, standing(state, "m", NOV - 1).used]).toEqual([5, 2]);
    expect([standing(state, "l").used, standing(state, "f").used, standing(state, "ol").used]).toEqual([
      7, 1, 6,
    ]);
    expect(budgetOf(state, "o")).toMatchObject({ counted_from: NOON, accounts: [] });
    expect(budgetOf(state, "m").counted_from).toBeNull();
  });

  it("the same in whatever order the calls come", () => {
    const calls = [1, 2, 4, 8].map((usd, n) =>
      call(usd, { at: n % 2 === 0 ? NOON : NOV - DAY, received: NOON }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(calls, { minLength: calls.length }), (shuffled) => {
        const state = play([set("b", { limit_usd: 10 }), ...shuffled]);
        expect([standing(state).used, standing(state, "b", NOV - 1).used]).toEqual([5, 10]);
      }),
    );
  });
});

describe("a reservation", () => {
  it("holds until it expires, and in every budget that it falls under", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      set("f", { limit_usd: 5 }, { scope: "feature", feature: "F" }),
      reserve("r1", 3, NOON + MINUTE, { feature: "F" }),
    ]);
    expect([standing(state).reserved, standing(state, "f").remaining]).toEqual([3, 2]);
    expect(standing(state, "f", NOON + MINUTE).reserved).toBe(0);
    expect(decided(state, { usd: 3, feature_id: "F" })).toMatchObject({
      kind: "denied",
      free_at: NOON + MINUTE,
    });
    expect(decided(state, { usd: 3 })).toEqual({ kind: "granted" });
    expect(decided(state, { usd: 11 })).toMatchObject({ kind: "denied", free_at: null });
    expect(decided(state, { usd: null })).toMatchObject({ kind: "no_amount" });
  });

  it("is settled by the call that names it, and given back by a release", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      reserve("r1", 3, NOON + MINUTE),
      reserve("r2", 4, NOON + MINUTE),
      call(2, { metadata: { reservation_id: "r1" } }),
      { type: "budget_released", metadata: { reservation_id: "r2" } },
    ]);
    expect(standing(state)).toMatchObject({ used: 2, reserved: 0, remaining: 8 });
    expect(accountOf(budgetOf(state), NOV)).toMatchObject({ late_calls: 0, over_calls: 0, assumed: 0 });
  });

  it("settled late is counted and flagged, by when it was received; above what was reserved too", () => {
    const late = { at: NOON, received: NOON + 2 * MINUTE };
    const state = play([
      set("b", { limit_usd: 10 }),
      reserve("r1", 3, NOON + MINUTE),
      reserve("r2", 1, NOON + MINUTE),
      call(2, { ...late, metadata: { reservation_id: "r1" } }),
      call(2.5, { metadata: { reservation_id: "r2" } }),
      call(1, { metadata: { reservation_id: "r2" } }),
    ]);
    expect(standing(state).used).toBe(5.5);
    expect(accountOf(budgetOf(state), NOV)).toMatchObject({ late_calls: 1, over_calls: 2, over: 2.5 });
  });

  it("[M2] settled by a call of unknown cost stands in its place", () => {
    const state = play([
      set("b", { limit_usd: 10 }),
      reserve("r1", 3, NOON + MINUTE),
      call(0, { metrics: { input_tokens: 5 }, metadata: { reservation_id: "r1" } }),
      call(0, { metrics: { input_tokens: 5 }, metadata: { reservation_id: "r1" } }),
    ]);
    expect(standing(state)).toMatchObject({ used: 3, reserved: 0 });
    expect(accountOf(budgetOf(state), NOV)).toMatchObject({
      assumed: 3,
      usage: { calls: 2, reported_calls: 0 },
    });
  });
});

describe("a limit", () => {
  it("is met by ten times a tenth, and not by more", () => {
    const tenths = Array.from({ length: 10 }, () => call(0.1));
    const state = play([set("b", { limit_usd: 1 }), ...tenths.slice(1)]);
    expect(decided(state, { usd: 0.1 }).kind).toBe("granted");
    expect(decided(state, { usd: 0.100_001 }).kind).toBe("denied");
    expect(decided(play(tenths.slice(0, 1), state), { usd: 0.000_001 }).kind).toBe("denied");
  });

  it("of nothing lets nothing through; a soft one all", () => {
    expect(decided(play([set("b", { limit_usd: 0 })]), { usd: 0.01 }).kind).toBe("denied");
    expect(decided(play([set("b", { limit_usd: 0 }, { hard: false })])).kind).toBe("granted");
  });

  it("set anew keeps what was counted, and is told of anew", () => {
    const told: Step = {
      type: "budget_warned",
      metadata: { budget_id: "b", revision: 1, period_start: iso(NOV) },
      metrics: { threshold_percent: 50 },
    };
    const state = play([set("b", { limit_usd: 10 }), call(5), told]);
    const account = () => accountOf(budgetOf(state), NOV);
    expect([account()?.announced, account() && reached(budgetOf(state), account() ?? never())]).toEqual([
      50, 50,
    ]);
    play([set("b", { limit_usd: 6 }, { hard: false })], state);
    expect(account()).toMatchObject({ announced: 0, usage: { reported_usd: 5 } });
    expect(reached(budgetOf(state), account() ?? never())).toBe(80);
    play([told], state);
    expect(account()?.announced).toBe(0);
    play([{ type: "budget_set", metadata: { budget_id: "b", removed: true } }], state);
    expect(state.spending.budgets.size).toBe(0);
  });
});

function never(): never {
  throw new Error("no account");
}

describe("the date of exhaustion", () => {
  const spent = (...days: [ago: number, usd: number][]) =>
    play([
      set("b", { limit_usd: 100 }),
      ...days.map(([ago, usd]) => call(usd, { at: NOON - ago * DAY, received: NOON })),
    ]);
  const date = (state: ProjectState, now = NOON) =>
    exhaustionOf(budgetOf(state), standing(state, "b", now), now);

  it("is a range from the rates of the week and of today", () => {
    // The week: 30 in 4 days, 70 left: 9.33 days, over the month's end. Today: 20 in half a day: 1.75 days.
    const state = spent([4, 5], [3, 5], [0, 20]);
    expect(date(state)).toEqual({ state: "expected", from: NOON + 1.75 * DAY, to: null });
    const both = spent([2, 20], [1, 20], [0, 20]);
    expect(date(both)).toEqual({
      ...{ state: "expected", from: NOON + DAY },
      to: Math.round(NOON + (40 / 60) * 2 * DAY),
    });
  });

  it("is unknown with less than a day of calls, none without calls, past at the limit", () => {
    expect(date(spent())).toEqual({ state: "unknown" });
    expect(date(spent([0, 20]))).toEqual({ state: "unknown" });
    expect(date(spent([0.99, 20]))).toEqual({ state: "unknown" });
    expect(date(spent([5, 0.5]))).toEqual({ state: "not_in_period" });
    expect(date(spent([5, 100]))).toEqual({ state: "used_up" });
    expect(date(spent([8, 0.01], [1, 0]))).toEqual({ state: "not_in_period" });
  });
});

describe("[S5] whoever sets and reserves without end", () => {
  it("fills each collection to its limit, and forgets no reservation that holds", () => {
    const state = createState();
    for (let n = 0; n < limits.MAX_BUDGETS + 5; n++) play([set(`b${n}`, { limit_usd: 1 })], state);
    play([reserve("alive", 1, NOON + DAY)], state);
    for (let n = 0; n < 2_500; n++) play([reserve(`r${n}`, 1, NOON + MINUTE + n)], state);
    for (let n = 0; n < 40; n++)
      play([call(1, { at: Date.UTC(2026, n, 1), received: Date.UTC(2031, 0, 1) })], state);
    expect(state.spending.budgets.size).toBe(limits.MAX_BUDGETS);
    expect(state.spending.held.size).toBe(limits.MAX_HELD_RESERVATIONS);
    expect(state.spending.held.has("alive")).toBe(true);
    expect(state.spending.ended.size).toBe(limits.MAX_ENDED_RESERVATIONS);
    expect(state.spending.months.size).toBe(limits.MAX_SPENDING_MONTHS);
    expect(budgetOf(state, "b0").accounts.length).toBe(limits.MAX_BUDGET_ACCOUNTS);
    expect(budgetOf(state, "b0").accounts[0]?.from).toBe(Date.UTC(2026, 27, 1));
    expect(budgetOf(state, "b0").days.length).toBe(limits.MAX_BUDGET_DAYS);
    const text = stateText(state);
    expect(stateText(decodeState(JSON.parse(text) as WireState))).toBe(text);
  });
});

describe("[S2] a link that hides cost", () => {
  it("shows that there is a budget and who is under it, and no amount of it", () => {
    const state = play([
      set("b", { limit_usd: 71_717 }, { title: "TITLE", by: "PERSON" }),
      reserve("r1", 71_718, NOON + MINUTE),
      reserve("r2", 71_719, NOON + MINUTE),
      call(71_720, { metadata: { reservation_id: "r1" } }),
      {
        type: "budget_exceeded",
        metadata: { budget_id: "b", revision: 1, period_start: iso(NOV) },
        metrics: { threshold_percent: 71_721 },
      },
    ]);
    expect(stateText(state)).toMatch(/71717.*71719/);
    const policy = { cost: true, name: true, title: true, text: true };
    const { spending } = redactState(encodeState(state), policy, (name) => `~${name.length}`);
    expect(JSON.stringify(spending)).not.toMatch(/717|TITLE|PERSON|coder-a/);
    expect(spending.budgets).toMatchObject([
      { id: "b", scope: "project", hard: true, limit: null, set_by: "~6" },
    ]);
    expect(spending.budgets[0]?.accounts[0]?.usage.calls).toBe(1);
  });
});
