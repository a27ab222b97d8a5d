import { describe, expect, it } from "vitest";
import { createState } from "../../../schema/state/apply.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { countGlyphs } from "../graph/status.ts";
import { burnDown, type Spending } from "../budget/burn.ts";
import { errorRate } from "./error-rate.ts";
import { EXECUTIVE_HEADLINE, type Numbers } from "./headline.ts";
import { riskOf } from "./risk.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 21, 12);

describe("the headline", () => {
  const numbers: Numbers = {
    any: true,
    silent: null,
    open: 6,
    shipped: 0,
    foretold: 6,
    far: 0,
    next: { title: "Convoy", href: "/c", p80: "24 Nov, 14:00", samples: 40 },
    sprint: null,
    why: null,
    stuck: null,
    budget: { kind: "none" },
    alerts: { critical: 0, waiting: 0, href: "/a" },
  };
  const say = (more: Partial<Numbers>) => textOf(headlineOf(EXECUTIVE_HEADLINE, { ...numbers, ...more }));
  const budget = { name: "The November budget", href: "/b" };

  it.each<[string, Partial<Numbers>]>([
    ["Nothing has happened yet.", { any: false, open: 0 }],
    ["No feature is known. No alert waits.", { open: 0 }],
    ["Nothing has happened since 17 Apr; six features are open. No alert waits.", { silent: "17 Apr" }],
    [
      "Nothing has happened since 17 Apr; no features are open. No alert waits.",
      { silent: "17 Apr", open: 0 },
    ],
    ["No feature is open; two have closed. No alert waits.", { open: 0, shipped: 2 }],
    [
      "Six features are open; when they land is unknown: too few finished tasks. No alert waits.",
      { next: null, why: "too few finished tasks", foretold: 0 },
    ],
    [
      "Six features are open; when they land is too far ahead to say. No alert waits.",
      { next: null, foretold: 0, far: 6 },
    ],
    [
      "Six features are open; when they land is unknown, or too far ahead to say. No alert waits.",
      { next: null, foretold: 0, far: 2 },
    ],
    ["One feature is open; when it lands is unknown. No alert waits.", { next: null, open: 1 }],
    ["Six features are open; next, Convoy lands by 24 Nov, 14:00 at P80. No alert waits.", {}],
    [
      "Six features are open (four foretold); next, Convoy lands by 24 Nov, 14:00 at P80 so far. No alert waits.",
      { foretold: 4, next: { title: "Convoy", href: "/c", p80: "24 Nov, 14:00", samples: 3 } },
    ],
    [
      "One feature is open: Convoy lands by 24 Nov, 14:00 at P80. Convoy is stuck. One critical alert waits.",
      {
        open: 1,
        foretold: 1,
        stuck: { count: 1, title: "Convoy", href: "/c" },
        alerts: { critical: 1, waiting: 4, href: "/a" },
      },
    ],
    [
      "No feature is known. Login and two others are stuck. Four alerts wait for a person.",
      {
        open: 0,
        stuck: { count: 3, title: "Login", href: "/l" },
        alerts: { critical: 0, waiting: 4, href: "/a" },
      },
    ],
    [
      "No feature is known. The November budget runs out on 27 Nov at P80. No alert waits.",
      { open: 0, budget: { kind: "runs_out", ...budget, when: "27 Nov", percentile: "P80", days: 14 } },
    ],
    [
      "No feature is known. The November budget lasts at P80 so far. No alert waits.",
      { open: 0, budget: { kind: "lasts", ...budget, days: 4 } },
    ],
    [
      "No feature is known. Whether the November budget lasts is unknown: one whole day of spending says too little. No alert waits.",
      { open: 0, budget: { kind: "unknown", ...budget, days: 1 } },
    ],
    [
      "No feature is known. Whether the November budget lasts is unknown: no whole day of spending is over. No alert waits.",
      { open: 0, budget: { kind: "unknown", ...budget, days: 0 } },
    ],
    [
      "No feature is known. The November budget is used up. No alert waits.",
      { open: 0, budget: { kind: "used_up", ...budget } },
    ],
  ])("%s", (words, more) => {
    expect(say(more)).toBe(words);
  });

  const sprint: NonNullable<Numbers["sprint"]> = {
    ...{ name: "Sprint 7", href: "#features", end: "ahead", samples: 40 },
    ...{ features: 6, done: 2, likely: 3, doubtful: { count: 1, title: "Refinery", href: "/r" } },
  };
  it.each<[string, Partial<typeof sprint>]>([
    ["Five of six features land in Sprint 7 at P80. Refinery may not.", {}],
    [
      "Four of six features land in Sprint 7 at P80 so far. Refinery and one other may not.",
      { likely: 2, doubtful: { count: 2, title: "Refinery", href: "/r" }, samples: 4 },
    ],
    ["All six features land in Sprint 7 at P80.", { likely: 4, doubtful: null }],
    [
      "Three of six features land in Sprint 7 at P80. When three others land is unknown.",
      { likely: 1, doubtful: null },
    ],
    [
      "Two of six features land in Sprint 7. Refinery may not. When three others land is unknown.",
      { likely: 0 },
    ],
    [
      "Two of six features are done in Sprint 7; when four others land is unknown.",
      { likely: 0, doubtful: null },
    ],
    ["All six features of Sprint 7 are done.", { done: 6, likely: 0, doubtful: null }],
    ["The one feature of Sprint 7 is done.", { features: 1, done: 1, likely: 0, doubtful: null }],
    ["Refinery may not land in Sprint 7.", { features: 1, done: 0, likely: 0 }],
    [
      "The one feature of Sprint 7 lands in time at P80 so far.",
      { features: 1, done: 0, likely: 1, doubtful: null, samples: 3 },
    ],
    [
      "When the one feature of Sprint 7 lands is unknown.",
      { features: 1, done: 0, likely: 0, doubtful: null },
    ],
    ["None of six features are done; Sprint 7 is past its end.", { done: 0, end: "over" }],
    ["One of six features is done; Sprint 7 has no end.", { done: 1, end: "endless" }],
  ])("of a sprint: %s", (words, more) => {
    expect(say({ sprint: { ...sprint, ...more } })).toBe(`${words} No alert waits.`);
  });

  it("links each claim to what proves it", () => {
    const { parts } = headlineOf(EXECUTIVE_HEADLINE, {
      ...numbers,
      budget: { kind: "used_up", ...budget },
      alerts: { critical: 2, waiting: 2, href: "/a" },
    });
    expect(parts.flatMap(({ href }) => href ?? [])).toEqual(["/c", "/b", "/a"]);
  });
});

describe("the burn-down", () => {
  const from_ms = Date.UTC(2026, 10, 1);
  const spending = (per_day: number[], more: Partial<Spending> = {}): Spending => ({
    limit: 1_300,
    used: per_day.reduce((sum, usd) => sum + usd, 0),
    from_ms,
    to_ms: Date.UTC(2026, 11, 1),
    now_ms: NOW,
    steps: { from: from_ms, step_ms: DAY_MS, values: per_day },
    ...more,
  });
  const steady = Array.from({ length: 21 }, (_, day) => (day === 20 ? 20 : 40));

  it("begins at the limit, ends at what is left, and paces evenly to nothing", () => {
    const { line, left, even, per_day } = burnDown(spending(steady));
    expect(line[0]).toEqual({ x: from_ms, y: 1_300 });
    expect(line.at(-1)).toEqual({ x: NOW, y: left });
    expect(left).toBe(480);
    expect(even.map(({ y }) => y)).toEqual([1_300, 0]);
    expect(per_day).toBeCloseTo(43.33);
    for (let i = 1; i < line.length; i += 1) expect(line[i]?.x).toBeGreaterThan(line[i - 1]?.x ?? 0);
  });

  it("of equal days has no width, and says when the money is gone", () => {
    const { cone, days } = burnDown(spending(steady, { limit: 1_000 }));
    expect(days).toBe(14);
    expect(cone?.end.p50).toBeCloseTo(180 - 9.5 * 40);
    expect(cone?.end.p5).toBeCloseTo(cone?.end.p95 ?? NaN);
    expect(((cone?.out.p80 ?? 0) - NOW) / DAY_MS).toBeCloseTo(4.5, 2);
    expect(burnDown(spending(steady)).cone?.out).toEqual({ p50: null, p80: null });
  });

  it("widens with the days, and P80 is worse than P50", () => {
    const uneven = Array.from({ length: 21 }, (_, day) => (day === 20 ? 20 : day % 2 === 0 ? 10 : 70));
    const cone = burnDown(spending(uneven)).cone;
    if (cone === null) throw new Error("fourteen days make a cone");
    const { p5, p50, p80, p95 } = cone.end;
    expect(p5 > p50 && p50 > p80 && p80 > p95).toBe(true);
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high ?? 0) - (low ?? 0);
    const widths = cone.outer.map(width);
    expect(widths[0]).toBe(0);
    expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  });

  it("foretells nothing of two days, and knows that nothing is left", () => {
    const start = NOW - 2.5 * DAY_MS;
    const short = spending([5, 5, 5], { steps: { from: start, step_ms: DAY_MS, values: [5, 5, 5] } });
    expect(burnDown(short)).toMatchObject({ cone: null, days: 2 });
    expect(burnDown(spending(steady, { limit: 100 })).cone?.out.p50).toBe(NOW);
    expect(burnDown(spending([], { used: 0 }))).toMatchObject({ left: 1_300, cone: null, days: 0 });
  });

  it("counts no day before the first spending, and each one after it", () => {
    const values = [...Array.from({ length: 15 }, () => null), 10, null, null, 10, 10, 10];
    const late = burnDown({ ...spending([]), used: 40, steps: { from: from_ms, step_ms: DAY_MS, values } });
    expect(late.days).toBe(5);
    expect(late.line[1]).toEqual({ x: from_ms + 15 * DAY_MS, y: 1_300 });
  });

  it("shows what the steps do not know of as used, too", () => {
    const { line } = burnDown(spending(steady, { used: 1_000 }));
    expect(line.at(-1)?.y).toBeCloseTo(300);
  });
});

it("counts failures among the tasks that closed, by the day and by half hours", () => {
  const state = createState();
  const close = (id: string, status: "failed" | "done", at: number) =>
    state.closed_tasks.set(id, { id, status, closed_at: at } as never);
  close("a", "failed", NOW);
  close("b", "done", NOW - HOUR_MS);
  close("c", "done", NOW - HOUR_MS);
  close("d", "failed", NOW - 30 * HOUR_MS);
  close("e", "failed", NOW - 49 * HOUR_MS);
  close("f", "failed", NOW + 1);
  const { value, previous, n, values } = errorRate(state, NOW);
  expect([value, previous, n]).toEqual([1 / 3, 1, 3]);
  expect(values.at(-1)).toBe(1);
  expect(values.at(-3)).toBe(0);
  expect(values.filter((one) => one !== null)).toHaveLength(2);
  expect(errorRate(createState(), NOW)).toMatchObject({ value: null, previous: null, n: 0 });
});

describe("the risk of a feature", () => {
  const counts = (...statuses: ("pending" | "in_progress" | "failed" | "blocked" | "done")[]) =>
    countGlyphs(statuses.map((status) => ({ status })));
  const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString();
  const finish = (p50: number, p80: number, beyond_sample = 0) => ({
    ...{ p50_at: at(p50), p80_at: at(p80), beyond_sample, why: null },
  });

  it.each([
    ["high", "1 failed, 1 blocked, nothing moves", counts("done", "failed", "blocked"), finish(1, 2)],
    ["medium", "1 failed", counts("in_progress", "failed"), finish(1, 2)],
    ["medium", "not started", counts("pending"), finish(1, 2)],
    // Two hundred days old, like nothing that was ever finished, and foretold for months ahead: on no pace at all.
    ["medium", "1 open for longer than any before", counts("in_progress"), finish(5_000, 6_000, 1)],
    ["medium", "more than a month away", counts("in_progress", "done"), finish(721, 900)],
    ["low", "on pace", counts("in_progress", "done"), finish(719, 900)],
    ["medium", "the forecast is wide", counts("in_progress"), finish(1, 4)],
    ["low", "on pace", counts("in_progress", "done"), finish(2, 3)],
    ["low", "all tasks done, not closed", counts("done", "done"), null],
    ["unknown", "no tasks yet", counts(), null],
    ["unknown", "no forecast", counts("in_progress"), null],
    [
      "unknown",
      "too little",
      counts("in_progress"),
      { ...finish(1, 2), p50_at: null, p80_at: null, why: "too little" },
    ],
  ] as const)("is %s: %s", (word, why, tasks, foretold) => {
    expect(riskOf(tasks, foretold, NOW)).toEqual({ word, why });
  });

  it.each([
    ["high", "late in 63% of futures", counts("in_progress"), 0.634, "high"],
    ["negligible", "late in 0% of futures", counts("pending"), 0, "negligible"],
    ["low", "1 blocked, late in 12% of futures", counts("in_progress", "blocked"), 0.12, "low"],
    ["high", "1 blocked, nothing moves", counts("blocked"), 0, "negligible"],
    ["low", "on pace", counts("in_progress"), null, "unknown"],
  ] as const)("in a sprint is %s: %s", (word, why, tasks, probability, late) => {
    expect(riskOf(tasks, finish(2, 3), NOW, { probability, word: late })).toEqual({ word, why });
  });

  it("in a sprint is never safe where a task has outlasted all that is known", () => {
    const late = { probability: 0, word: "negligible" } as const;
    expect(riskOf(counts("in_progress"), finish(2, 3, 1), NOW, late)).toEqual({
      word: "medium",
      why: "1 open for longer than any before, late in 0% of futures",
    });
  });
});
