/** The pure parts of charts: paths, domains, ticks, crosshair and words. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { moved, nearest } from "./crosshair.ts";
import { domainOf, placeOf } from "./domain.ts";
import { lastKnown, linePath, lonePoints, spanPath } from "./series.ts";
import { anchorOf, apart, numberTicks, spaced, spanTicks, timeTicks } from "./ticks.ts";
import { chartLabel, intervalLabel } from "./words.ts";

const same = (value: number) => value;
const points = (...ys: (number | null)[]) => ys.map((y, x) => ({ x, y }));

describe("a line", () => {
  it("is broken where nothing is known, and never drawn down to 0", () => {
    expect(linePath(points(1, 2, null, 4, 5), same, same)).toBe("M0 1L1 2M3 4L4 5");
  });
  it("leaves a point of its own to be drawn as one", () => {
    const some = points(1, null, 3, null, 5, 6);
    expect(lonePoints(some)).toEqual([
      { x: 0, y: 1 },
      { x: 2, y: 3 },
    ]);
    expect(linePath(some, same, same)).toBe("M4 5L5 6");
  });
  it("ends with what was known last", () => {
    expect(lastKnown(points(1, 2, null))).toEqual({ x: 1, y: 2 });
    expect(lastKnown(points(null, null))).toBeNull();
  });
  it("of an area goes there above and back below, in parts", () => {
    const spans = [
      { x: 0, low: 1, high: 3 },
      { x: 1, low: 2, high: 4 },
      { x: 2, low: null, high: 9 },
      { x: 3, low: 1, high: 2 },
    ];
    expect(spanPath(spans, same, same)).toBe("M0 3L1 4L1 2L0 1Z");
  });
});

describe("an axis", () => {
  it("reaches over all that is known, with some room", () => {
    expect(domainOf([10, null, 20])).toEqual([9.4, 20.6]);
    expect(domainOf([10, 20], { zero: true })).toEqual([0, 21.2]);
    expect(domainOf([0.9, 1], { floor: 0, ceiling: 1 })[1]).toBe(1);
    expect(domainOf([5, 5])).toEqual([2.5, 7.5]);
  });
  it("of anything is finite, and as wide as what it holds", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.double({ min: -1e12, max: 1e12 }))), fc.boolean(), (values, zero) => {
        const [low, high] = domainOf(values, { zero });
        expect(high).toBeGreaterThan(low);
        for (const value of values)
          if (value !== null && !Number.isNaN(value)) expect(value >= low && value <= high).toBe(true);
      }),
    );
  });
  it("is not zoomed into the rounding of sums", () => {
    const [low, high] = domainOf([0.1 + 0.2, 0.3]);
    expect([low, high].map((end) => Math.round(end * 100))).toEqual([15, 45]);
    expect(numberTicks(0.3, 0.3 + 1e-16, 5)).toEqual([]);
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const ticks = numberTicks(Math.min(a, b), Math.max(a, b), 5);
        expect(ticks.length).toBeLessThanOrEqual(11);
      }),
    );
  });
  it("is not flattened by a target far away", () => {
    expect(placeOf(25, [10, 20])).toBe("inside");
    expect(placeOf(500, [10, 20])).toBe("above");
    expect(placeOf(-500, [10, 20])).toBe("below");
  });
  it("is labelled at round numbers", () => {
    expect(numberTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(numberTicks(0, 0.35, 4)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(numberTicks(-3, 7, 5)).toEqual([-2, 0, 2, 4, 6]);
    expect(numberTicks(1, 1, 4)).toEqual([]);
  });
  it("is labelled at round spans of time", () => {
    expect(spanTicks(0, 40 * 60_000, 4).map((ms) => ms / 60_000)).toEqual([0, 10, 20, 30, 40]);
    expect(spanTicks(0, 5 * 3_600_000, 4).map((ms) => ms / 3_600_000)).toEqual([0, 2, 4]);
    expect(spanTicks(0, 3_000 * 86_400_000, 3).map((ms) => ms / 86_400_000)).toEqual([
      0, 1_000, 2_000, 3_000,
    ]);
  });
  it("drops labels that would run into each other", () => {
    expect(spaced([0, 1, 2, 3, 4], (value) => value * 30, 58)).toEqual([0, 2, 4]);
    expect(spaced([7], same, 58)).toEqual([7]);
    expect(spaced([], same, 58)).toEqual([]);
  });
  it("leaves out labels that would run into each other, also where the first is set from its beginning", () => {
    const label =
      (text: string, width = 214) =>
      (at: number) => ({ at, text, width });
    expect([23, 24, 190, 191].map((at) => anchorOf(at, 214))).toEqual(["start", "middle", "middle", "end"]);
    // As drawn at 390 px: a year apart, 75 px, and the first at the edge.
    expect(apart([23, 98, 173], label("Apr 25, 2024"))).toEqual([23, 173]);
    expect(apart([40, 120, 200], label("18 Feb", 300))).toEqual([40, 120, 200]);
    expect(apart([10, 20, 30], label("a long label that fills all of it"))).toEqual([10]);
    expect(apart([], label(""))).toEqual([]);
  });
  it("is labelled at whole hours of the reader's clock, over a change of clocks too", () => {
    const HOUR_MS = 3_600_000;
    const KOLKATA_MS = 5.5 * HOUR_MS;
    const from = Date.UTC(2026, 1, 18, 0, 10);
    const { at, step_ms } = timeTicks(from, from + 12 * HOUR_MS, 4, () => KOLKATA_MS);
    expect(step_ms).toBe(3 * HOUR_MS);
    expect(at.map((ms) => ((ms + KOLKATA_MS) / HOUR_MS) % 24)).toEqual([6, 9, 12, 15]);
    // Clocks go forward at 01:00 UTC; days begin at local midnight before and after.
    const change = Date.UTC(2026, 2, 29, 1);
    const days = timeTicks(
      change - 36 * HOUR_MS,
      change + 60 * HOUR_MS,
      5,
      (ms) => (ms < change ? 1 : 2) * HOUR_MS,
    );
    expect(days.step_ms).toBe(24 * HOUR_MS);
    expect(days.at.map((ms) => new Date(ms).toISOString().slice(8, 13))).toEqual([
      "27T23",
      "28T23",
      "29T22",
      "30T22",
    ]);
  });
});

describe("the crosshair", () => {
  it("reads the nearest place", () => {
    expect([-5, 4, 6, 15, 99].map((x) => nearest([0, 10, 20], x))).toEqual([0, 0, 1, 2, 2]);
    expect(nearest([], 1)).toBeNull();
    expect(nearest([1], NaN)).toBeNull();
  });
  it("begins with the newest, stays on the chart, and goes away", () => {
    expect(moved("ArrowLeft", null, 3)).toBe(2);
    expect(moved("ArrowLeft", 0, 3)).toBe(0);
    expect(moved("ArrowRight", 2, 3)).toBe(2);
    expect([moved("Home", 2, 3), moved("End", 0, 3)]).toEqual([0, 2]);
    expect([moved("Escape", 1, 3), moved("Escape", null, 3), moved("x", 1, 3)]).toEqual([
      null,
      undefined,
      undefined,
    ]);
  });
});

describe("in words, a chart", () => {
  it("says value, target, range and outliers", () => {
    expect(
      chartLabel({
        name: "Cost per hour",
        over: "24 h",
        value: "$2.21/h",
        target: "≤ $1.93/h",
        status: "missed",
        range: ["$1.40/h", "$2.60/h"],
        limits: ["$1.34/h", "$2.54/h"],
        outliers: 1,
        gaps: [3, 48],
      }),
    ).toBe(
      "Cost per hour, 24 h, now $2.21/h, target ≤ $1.93/h missed, from $1.40/h to $2.60/h, control limits $1.34/h to $2.54/h, 1 point outside, unknown in 3 of 48 steps",
    );
  });
  it("says unknown, and no more than is known", () => {
    expect(chartLabel({ name: "Coverage", value: null, target: "> 80%", status: "unknown" })).toBe(
      "Coverage, unknown, target > 80%",
    );
    expect(chartLabel({ name: "Bugs", value: "0", range: ["0", "0"], outliers: 0 })).toBe(
      "Bugs, now 0, always 0, none outside",
    );
    expect(intervalLabel("Login", null, null, false)).toBe("Login: no forecast");
    expect(intervalLabel("Login", "Mon", "Wed", true)).toContain("which is late");
  });
});
