import { expect, it } from "vitest";
import { controlLimits, outsideLimits } from "./control.ts";

const CALM = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12];

it("limits are the mean and 2.66 mean moving ranges to both sides", () => {
  const limits = controlLimits(CALM);
  expect(limits?.mean).toBe(11);
  expect(limits?.upper).toBeCloseTo(11 + 2.66 * 2, 2);
  expect(limits?.lower).toBeCloseTo(11 - 2.66 * 2, 2);
});
it("one wild value is outside, though it widens the limits", () => {
  const values = [...CALM, 40, ...CALM];
  expect(outsideLimits(values, controlLimits(values))).toEqual([10]);
});
it("of too few values there are no limits, and nothing is outside", () => {
  expect(controlLimits([1, 2, 3, 4, 5, 6, 700])).toBeNull();
  expect(outsideLimits([1, 700], null)).toEqual([]);
});
it("unknown values count for nothing", () => {
  expect(controlLimits([null, ...CALM.slice(0, 5), null, null, ...CALM.slice(5)])).toEqual({
    ...controlLimits(CALM),
  });
});
it("what differs by rounding alone is no signal", () => {
  const values = [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.1 + 0.2];
  expect(outsideLimits(values, controlLimits(values))).toEqual([]);
  expect(outsideLimits([...values, 0.31], controlLimits(values))).toEqual([9]);
});
it("no limit passes what no value can", () => {
  const shares = [0.99, 1, 0.9, 1, 0.95, 1, 0.99, 1];
  expect(controlLimits(shares, { floor: 0, ceiling: 1 })).toMatchObject({ upper: 1 });
});
