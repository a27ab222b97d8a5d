import { describe, expect, it } from "vitest";
import { busyEvent } from "../state/testing.ts";
import { METRICS } from "./definition.ts";
import { measure } from "./measure.ts";
import { DAY_MS, FINE_MS, HOUR_MS } from "./slot.ts";
import { knownOf } from "./source.ts";
import { at, count, countLines, row, type Counted, type Line } from "./testing.ts";

const call = (minutes: number, usd: number): Line => [minutes, "tokens_used", { metrics: { cost_usd: usd } }];
const cost = (counted: Counted, ask: Parameters<typeof row>[2]) => row(counted, "cost", ask).series;

describe("the series of a window", () => {
  it("are its steps, with null for what is unknown in one, and n for each", () => {
    const counted = countLines([call(1, 1), call(4, 2), call(22, 4), call(61, 8)]);
    // At 13:10 the last hour begins at 12:10.
    const ask = { now_ms: at(70), window: "1h", points: 6 } as const;
    expect(cost(counted, ask)).toEqual({
      from: at(10),
      step_ms: 2 * FINE_MS,
      values: [null, 4, null, null, null, 8],
      n: [0, 1, 0, 0, 0, 1],
    });
    expect(row(counted, "cost", ask)).toMatchObject({ value: 12, n: 2, previous: 3 });
    expect(row(counted, "cost", { window: "1h" })).not.toHaveProperty("series");
  });

  it("are no finer than the slots that sums are kept in", () => {
    const counted = countLines([call(1, 1), call(61, 2), call(26 * 60, 4)]);
    // The newest three hours are known by five minutes, those before them by the hour.
    const day = cost(counted, { now_ms: at(26 * 60 + 30), window: { from: at(0) }, points: 96 });
    expect(day).toMatchObject({ from: at(0), step_ms: HOUR_MS });
    expect(day?.values).toHaveLength(27);
    expect([day?.values[0], day?.values[1], day?.values[26]]).toEqual([1, 2, 4]);
    const old = countLines([call(1, 1), call(20 * 24 * 60, 2)]);
    expect(cost(old, { window: "all", points: 48 })).toMatchObject({ from: at(-12 * 60), step_ms: DAY_MS });
  });

  it("are about as many as were asked for, one more where the window begins within a slot", () => {
    const counted = countLines([call(0, 1), call(24 * 60 + 30, 2)]);
    const of = (points: number) =>
      cost(counted, { now_ms: at(24 * 60 + 30), window: "24h", points })?.values.length;
    expect([2, 12, 24, 48].map(of)).toEqual([3, 13, 25, 25]);
  });

  it("are empty where there is no log, and where the window is over before it begins", () => {
    const none = { values: [], n: [] };
    expect(cost(countLines([]), { window: "all", points: 8, now_ms: at(0) })).toMatchObject(none);
    const future = { window: { from: at(99) }, points: 8, now_ms: at(0) };
    expect(cost(countLines([call(1, 1)]), future)).toMatchObject(none);
  });

  it("count what is dated after now in the last step", () => {
    const series = cost(countLines([call(0, 1), call(90, 2)]), { now_ms: at(10), window: "all", points: 4 });
    expect(series?.values.reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(3);
  });

  it("[M1] add up to the row, for every metric that counts or adds, by every group", () => {
    const counted = count(Array.from({ length: 6_000 }, (_, i) => busyEvent(i + 1)));
    const additive = new Set(METRICS.filter(({ unit }) => unit === "usd").map(({ id }) => id));
    const ask = { now_ms: counted.state.time, window: "all", by: "agent", points: 48 } as const;
    const { rows } = measure(knownOf(counted.state, counted.tally), ask);
    expect(rows.length).toBeGreaterThan(METRICS.length);
    for (const { metric, group, value, n, series } of rows) {
      const of = `${metric} of ${group}`;
      expect(series?.values.length, of).toBe(series?.n.length);
      // Of two windows the larger of two counts is not the larger of their sums.
      if (metric !== "retry_budget_exhaustion")
        expect(
          series?.n.reduce((sum, one) => sum + one, 0),
          of,
        ).toBeCloseTo(n, 9);
      if (!additive.has(metric)) continue;
      const sum = series?.values.reduce((all: number, one) => all + (one ?? 0), 0);
      expect(sum, of).toBeCloseTo(value ?? 0, 9);
      for (const one of series?.values ?? []) expect(one === null || Number.isFinite(one), of).toBe(true);
    }
  });
});
