import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findMetric, METRICS } from "./definition.ts";
import type { Row } from "./measure.ts";
import { SEAT_METRICS, SEATS, sentiments, type Sentiment } from "./sentiment.ts";

type Measured = Pick<Row, "metric" | "value" | "n" | "target" | "previous">;
const row = (metric: string, value: number | null, more: Partial<Measured> = {}): Measured => ({
  metric,
  value,
  n: 1_000_000,
  target: null,
  previous: null,
  ...more,
});
const of = (seat: Sentiment["seat"], rows: Measured[], pace: Parameters<typeof sentiments>[1] = null) => {
  const found = sentiments(rows, pace).find((one) => one.seat === seat);
  if (found === undefined) throw new Error("each seat has a sentiment");
  return found;
};
const target = (bound: "<" | ">" | "=", value: number) => ({ bound, value });

describe("the Board", () => {
  it("cares about metrics that there are, and nobody about the same", () => {
    const all = SEATS.flatMap((seat) => SEAT_METRICS[seat]);
    for (const id of all) expect(findMetric(id), id).toBeDefined();
    expect(new Set(all).size).toBe(all.length);
  });

  it("has no opinion about nothing: that is not a neutral one", () => {
    for (const { score, change, reasons, missing, seat } of sentiments([], null)) {
      expect([score, change, reasons]).toEqual([null, null, []]);
      expect(missing).toEqual(SEAT_METRICS[seat]);
    }
    expect(of("velocity_capital", [row("throughput", 3)]).score).toBeNull();
  });

  it("is neutral on the target, and at the end of its scale at twice and at half of it", () => {
    const speed = (value: number) =>
      of("velocity_capital", [row("features_per_hour", value, { target: target(">", 1.5) })]).score;
    expect([speed(1.5), speed(3), speed(0.75), speed(100), speed(0)]).toEqual([50, 100, 0, 100, 0]);
    const wait = (value: number) =>
      of("velocity_capital", [row("time_to_review", value, { target: target("<", 300_000) })]).score;
    expect([wait(300_000), wait(150_000), wait(600_000)]).toEqual([50, 100, 0]);
  });

  it("holds shares by what they miss, and what should be none by how many there are", () => {
    const quality = (metric: string, value: number, asked: ReturnType<typeof target>) =>
      of("quality_fund", [row(metric, value, { target: asked })]).score;
    expect(quality("test_coverage", 0.9, target(">", 0.8))).toBe(100);
    expect(quality("test_coverage", 0.8, target(">", 0.8))).toBe(50);
    expect(quality("lint_pass_rate", 0.96, target(">", 0.98))).toBe(0);
    expect([0, 1, 2, 60].map((n) => quality("integration_failures", n, target("=", 0)))).toEqual([
      75, 62, 50, 0,
    ]);
  });

  it("believes few samples less", () => {
    const at = (n: number) =>
      of("velocity_capital", [row("features_per_hour", 9, { n, target: target(">", 1.5) })]).score;
    expect([at(0), at(1), at(5), at(45)]).toEqual([50, 58, 75, 95]);
  });

  it("tells the trend against the window before, and the weightiest reason first", () => {
    const { score, change, reasons } = of("velocity_capital", [
      row("features_per_hour", 1.5, { target: target(">", 1.5), previous: 3 }),
      row("time_to_merge", 1_000, { previous: 2_000 }),
    ]);
    expect(score).toBe(75);
    // From +1 and 0 to 0 and +1: what one lost the other won.
    expect(change).toBe(0);
    expect(reasons.map(({ metric }) => metric)).toEqual(["time_to_merge", "features_per_hour"]);
    expect(reasons[0]?.reference).toEqual({ kind: "before", value: 2_000 });
  });

  it("weighs a budget by the time that is over", () => {
    const penny = (used: number, elapsed: number) => of("penny_pincher", [], { used, elapsed }).score;
    expect([penny(0.5, 0.5), penny(1, 0.5), penny(0.25, 0.5)]).toEqual([50, 0, 100]);
    expect(penny(0.3, 0.01)).toBeNull();
    expect(penny(0.2, 0.1)).toBe(30);
    expect(of("quality_fund", [], { used: 1, elapsed: 0.5 }).score).toBeNull();
  });

  it("stays within its scale, whatever is measured", () => {
    const any = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ metric: fc.constantFrom(...METRICS.map(({ id }) => id)), value: any, previous: any }),
        ),
        fc.nat(100),
        fc.option(fc.double({ noNaN: true })),
        (measured, n, asked) => {
          const rows = measured.map((one) => ({
            ...one,
            n,
            target: asked === null ? null : target("<", asked),
          }));
          for (const { score, change } of sentiments(rows, { used: n / 10, elapsed: 0.4 })) {
            if (score !== null) expect(score >= 0 && score <= 100).toBe(true);
            if (change !== null) expect(Math.abs(change) <= 100).toBe(true);
          }
        },
      ),
    );
  });
});
