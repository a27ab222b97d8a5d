import fc from "fast-check";
import { expect, it } from "vitest";
import { leastDifference, quantileFor, wilson } from "./difference.ts";
import { Held } from "./held.ts";
import { SORT_CHUNK } from "./limits.ts";
import { rangeOf, stepOf } from "./tally.ts";

const idle = async (): Promise<void> => {};

it("gives exact percentiles by nearest rank, per group, over many sorted chunks", async () => {
  const held = new Held();
  const groups: number[][] = [[], [], [7], Array.from({ length: 2 }, (_, i) => i)];
  for (let i = 0; i < 3 * SORT_CHUNK + 5; i += 1) groups[i % 5 === 0 ? 1 : 0]?.push((i * 7_919) % 10_007);
  for (const [id, numbers] of groups.entries()) for (const number of numbers) held.push(id, number);
  const sorted = await held.sorted(groups.length, idle);
  for (const [id, numbers] of groups.entries()) {
    const all = numbers.toSorted((a, b) => a - b);
    for (const percent of [0.1, 25, 50, 95, 99, 100])
      expect(sorted[id]?.percentile(percent)).toBe(all[Math.ceil((percent * all.length) / 100) - 1]);
  }
});

it("pauses between chunks, and has nothing to say of no numbers", async () => {
  let worked = 0;
  const held = new Held();
  for (let i = 0; i < 2 * SORT_CHUNK; i += 1) held.push(0, -i);
  const [first, none] = await held.sorted(2, async () => void (worked += 1));
  expect(worked).toBeGreaterThanOrEqual(4);
  expect(first?.percentile(50)).toBe(-SORT_CHUNK);
  expect(none?.percentile(50)).toBe(null);
});

it("compares shares as Newcombe's worked example does (1998, table II, 56/70 and 48/80, method 10)", () => {
  expect(leastDifference(56, 70, 48, 80, 1.959964)).toBeCloseTo(0.0524, 4);
  expect(leastDifference(48, 80, 56, 70, 1.959964)).toBeCloseTo(0.0524, 4);
  const [low, high] = wilson(81, 263, 1.959964);
  expect([low, high].map((share) => share.toFixed(4))).toEqual(["0.2553", "0.3662"]);
  expect(leastDifference(5, 10, 50, 100, 1.96)).toBeLessThan(0);
  expect(leastDifference(0, 0, 1, 2, 1.96)).toBeLessThan(0);
  expect(quantileFor(1)).toBeCloseTo(1.96, 2);
  expect(quantileFor(1_000)).toBeCloseTo(4.056, 2);
});

it("puts every number into one step of 1, 2 and 5", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }), (number) => {
      const { from, to } = rangeOf(stepOf(number));
      if (number === 0) expect([from, to]).toEqual([0, 0]);
      else if (number > 0) expect(number >= (from ?? NaN) && number < (to ?? Infinity)).toBe(true);
      else expect(number > (from ?? -Infinity) && number <= (to ?? NaN)).toBe(true);
    }),
  );
  expect(rangeOf(stepOf(1_000))).toEqual({ from: 1_000, to: 2_000 });
  expect(rangeOf(stepOf(0.003))).toEqual({ from: 0.002, to: 0.005 });
});
