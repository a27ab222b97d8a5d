import { describe, expect, it } from "vitest";
import { landingAxis, roomFor } from "./axis.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;
const axisTo = (...days: number[]) =>
  landingAxis(
    NOW,
    days.map((day) => NOW + day * DAY_MS),
    (ms) => new Date(ms).toISOString().slice(8, 10),
    () => 0,
  );
/** 0 to 1. */
const placesOn = (axis: ReturnType<typeof axisTo>, ...days: number[]) =>
  days.map((day) => (axis.at(NOW + day * DAY_MS) - axis.domain[0]) / (axis.domain[1] - axis.domain[0]));

describe("the axis on which features land", () => {
  it("has equal days up to two weeks", () => {
    const axis = axisTo(1, 10);
    expect(placesOn(axis, 0, 5.25, 10.5)).toEqual([0, 0.5, 1]);
    expect(axis.ticks.map(({ words }) => words)).toEqual(["23", "28", "03"]);
  });
  it("reaches what lands in seven months or four years, and tells today from next week all the same", () => {
    const axis = axisTo(0.2, 3, 220);
    const [today = 0, week = 0, far = 0] = placesOn(axis, 0.2, 7, 220);
    expect(far).toBeLessThan(1);
    expect(far).toBeGreaterThan(0.95);
    expect(today).toBeGreaterThan(0.02);
    expect(week - today).toBeGreaterThan(0.25);
    expect(axis.ticks.map(({ words }) => words)).toEqual(["1 day", "1 week", "1 month", "6 months"]);
    expect(placesOn(axisTo(1_460), 1_460)[0]).toBeLessThan(1);
  });
  it("gives each place its moment back, and says nothing of what no calendar names", () => {
    const axis = axisTo(220);
    expect(axis.momentAt(axis.at(NOW + 220 * DAY_MS))).toBeCloseTo(NOW + 220 * DAY_MS, -1);
    expect(placesOn(axisTo(1e6), 1e6)[0]).toBeGreaterThan(1);
    expect(axisTo().domain[1]).toBe(NOW + 3_600_000);
  });
  it("labels those that have room, the farthest first", () => {
    const ticks = [0, 10, 60, 70].map((at) => ({ at, words: String(at) }));
    expect(roomFor(ticks, (at) => at, 50).map(({ words }) => words)).toEqual(["10", "70"]);
  });
});
