import { expect, it } from "vitest";
import { featureForecast, forecastOverview } from "../../schema/wire/forecast-body.ts";
import type { FeatureForecast, ForecastOverview, SprintForecast } from "../../schema/wire/forecast.ts";
import { etaOfFeature, etaTable } from "../print/eta-table.ts";
import { addressOf } from "./eta.ts";

const info = {
  ...{ feature_id: "auth", title: "Sign in", open_tasks: 4, samples: 60, calibrated_by: 0, why: null },
  ...{ beyond_sample: 0 },
  ...{ p50_at: "2026-11-24T08:00:30.000Z", p80_at: "2026-11-24T09:30:00.000Z", words: "half likely in 3 h" },
};
const overview: ForecastOverview = {
  seq: 9,
  sprint: null,
  calibration: [
    {
      ...{ metric: "work", scored: 10, with_interval: 8, inside: 7 },
      ...{ coverage_asked: 0.9, coverage_seen: 0.875, bias: 0.1 },
    },
  ],
  features: [info, { ...info, feature_id: "empty", title: null, p50_at: null, p80_at: null, why: "x" }],
  omitted_features: 2,
};
const feature: FeatureForecast = {
  ...{ ...info, seq: 9, critical_path: ["A", "B"], cycles_broken: [["Y", "X"]] },
  ...{ status: "in_progress", closed_at: null },
  tasks: [{ task_id: "A", p50_at: null, p80_at: null }],
  cost: { spent: 1, unpriced_calls: 0, predicted: null, why: "no finished task has a known cost" },
  late: null,
};

it("prints open features with P50 and P80, unknown ones as unknown, and how forecasts held", () => {
  expect(forecastOverview.safeParse(overview).success).toBe(true);
  const lines = etaTable(overview).split("\n");
  expect(lines[2]).toMatch(
    /^auth Sign in\s+4 {2}2026-11-24 08:00Z {2}2026-11-24 09:30Z {2}half likely in 3 h$/,
  );
  expect(lines[3]).toMatch(/^empty\s+4 {2}unknown\s+unknown/);
  expect(lines.slice(-2)).toEqual([
    "… and 2 more features; ask for one: clusterfork eta FEATURE",
    "work: 10 forecasts scored, 7 of 8 within their interval",
  ]);
  expect(etaTable({ ...overview, features: [], calibration: [], omitted_features: 0 })).toBe(
    "No open feature has open tasks.",
  );
});

it("prints one with its critical path, broken cycles and cost", () => {
  expect(featureForecast.safeParse(feature).success).toBe(true);
  expect(etaOfFeature(feature).split("\n").slice(-3)).toEqual([
    "critical path: A → B",
    "left out, for it closes a cycle: Y waits for X",
    "cost: $1.00 so far, unknown in all (no finished task has a known cost)",
  ]);
});

it("foretells nothing of a feature that is over, and says where to read how it went", () => {
  const over: FeatureForecast = {
    ...feature,
    ...{ open_tasks: 0, p50_at: null, p80_at: null, words: "unknown: it is closed", why: "it is closed" },
    ...{ status: "merged", closed_at: "2026-11-23T10:00:30.000Z", critical_path: [], cycles_broken: [] },
    cost: { spent: 1, unpriced_calls: 2, predicted: null, why: "the price of 2 of its 3 calls is unknown" },
  };
  expect(featureForecast.safeParse(over).success).toBe(true);
  expect(etaOfFeature(over)).toBe(
    "Sign in (auth) is over: merged on 2026-11-23 10:00Z.\ncost: $1.00 and 2 calls without a price\nHow it went: clusterfork report auth",
  );
  const free = { ...over, cost: { spent: 0, unpriced_calls: 0, predicted: 0, why: null } };
  expect(etaOfFeature(free)).not.toContain("cost");
});

it("puts the sprint first, each feature with its risk to be late, and the others below", () => {
  const late = { probability: 0.634, word: "high" } as const;
  const sprint: SprintForecast = {
    ...{ sprint_id: "s7", title: "Sprint 7", goal: "Ship it", why: null, omitted_features: 1 },
    ...{ started_at: "2026-11-20T08:00:00.000Z", ends_at: "2026-11-24T09:00:00.000Z", late, words: "x" },
    ...{ p50_at: "2026-11-24T08:00:30.000Z", p80_at: "2026-11-24T09:30:00.000Z" },
    features: [
      { ...info, status: "in_progress", closed_at: null, late },
      {
        ...{ ...info, feature_id: "done", title: null, p50_at: null, p80_at: null, why: "it is closed" },
        ...{ status: "merged", closed_at: "2026-11-23T10:00:00.000Z" },
        late: { probability: 0, word: "negligible" },
      },
    ],
  };
  const all = { ...overview, sprint, features: [info, { ...info, feature_id: "other", title: null }] };
  expect(forecastOverview.safeParse(all).success).toBe(true);
  const lines = etaTable(all).split("\n");
  expect(lines.slice(0, 2)).toEqual([
    "Sprint 7, until 2026-11-24 09:00Z; all of it: half likely by 2026-11-24 08:00Z, four of five by 2026-11-24 09:30Z; late: high (63%)",
    "Ship it",
  ]);
  expect(lines[5]).toMatch(/^auth Sign in .* high \(63%\) +half likely/);
  expect(lines[6]).toMatch(/^done .* 2026-11-23 10:00Z .* negligible \(0%\) {2}merged$/);
  expect(lines.slice(7, 10)).toEqual(["… and 1 more of the sprint", "", "Besides it:"]);
  expect(lines.filter((line) => line.startsWith("auth"))).toHaveLength(1);
  expect(etaTable({ ...all, features: [info], calibration: [], omitted_features: 0 })).not.toContain(
    "Besides",
  );
});

it("[M2] says what is known of the cost, and how many calls have no price", () => {
  const cost = {
    spent: 4.2,
    unpriced_calls: 3,
    predicted: null,
    why: "the price of 3 of its 40 calls is unknown",
  };
  const lineOf = (more: Partial<typeof cost>) =>
    etaOfFeature({ ...feature, cost: { ...cost, ...more } })
      .split("\n")
      .at(-1);
  expect(lineOf({})).toBe(
    "cost: $4.20 and 3 calls without a price so far, unknown in all (the price of 3 of its 40 calls is unknown)",
  );
  expect(lineOf({ unpriced_calls: 1 })).toContain("$4.20 and 1 call without a price so far");
});

it("names no year beyond what anybody plans, and no price of calls that have none", () => {
  const far = { ...info, p50_at: "2234-10-16T08:00:00.000Z", p80_at: "2247-10-16T08:00:00.000Z" };
  const text = etaOfFeature({
    ...{ ...feature, ...far },
    cost: { spent: 0, unpriced_calls: 0, predicted: null, why: "no finished task has a known cost" },
  });
  expect(text).toMatch(/too far to say +too far to say/);
  expect(text).not.toMatch(/22[34]7?|\$0/);
  expect(text).toContain("cost: unknown so far");
});

it("[P2] lets no name steer the terminal, and asks for any name", () => {
  const hostile = "\u001b]0;owned\u0007\u202e";
  const text =
    etaTable({ ...overview, features: [{ ...info, feature_id: hostile, title: hostile, words: hostile }] }) +
    etaOfFeature({
      ...{ ...feature, feature_id: hostile, critical_path: [hostile], cycles_broken: [[hostile, hostile]] },
      cost: { spent: null, unpriced_calls: 0, predicted: null, why: hostile },
    });
  for (const control of ["\u001b", "\u0007", "\u202e"]) expect(text).not.toContain(control);
  expect(addressOf("a&task=b")).toBe("/v1/forecast?feature=a%26task%3Db");
});
