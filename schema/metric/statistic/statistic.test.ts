import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adapt, usableAlpha } from "./adaptive.ts";
import { binomialAtMost, binomialRange } from "./binomial.ts";
import { brier, brierSkill } from "./brier.ts";
import { modifiedZ, spreadOf } from "./deviation.ts";
import { chartLimit, chartNext, ewma, NEW_CHART } from "./ewma.ts";
import { fitLogistic, probabilityOf } from "./logistic.ts";
import { median, quantile } from "./median.ts";
import { ascending, lowerOrder, neededFor, upperOrder } from "./order-statistic.ts";
import { seeded, seedOf } from "./random.ts";
import { surviving, survivalOf, survivingFrom } from "./survival.ts";
import { tailQuantile } from "./tail.ts";
import { smoothedRate, wilson } from "./wilson.ts";

const numbers = fc.array(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), { maxLength: 150 });
const amounts = fc.array(fc.double({ noNaN: true, min: 1e-3, max: 1e12 }), { maxLength: 150 });
/** What a statistic says: nothing, or a finite number. */
const isSaid = (value: number | null) => value === null || Number.isFinite(value);

describe("order statistics", () => {
  it("need 19 values for 95 %, 9 for 90 %, 4 for 80 %", () => {
    expect([0.95, 0.9, 0.8, 0.5].map(neededFor)).toEqual([19, 9, 4, 1]);
  });

  it("are the ⌈(n+1)·level⌉-th: of 1 to 19 the 19th, of 1 to 100 the 96th, of 18 none", () => {
    const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
    expect(upperOrder(upTo(19), 0.95)).toBe(19);
    expect(upperOrder(upTo(100), 0.95)).toBe(96);
    expect(upperOrder(upTo(18), 0.95)).toBeNull();
    expect(lowerOrder(upTo(19), 0.95)).toBe(1);
    expect(lowerOrder(upTo(100), 0.95)).toBe(5);
    expect(upperOrder([], 0.5)).toBeNull();
  });

  it("leave a new value of the same kind below them as often as they say", () => {
    const random = seeded(7);
    let below = 0;
    const tries = 4_000;
    for (let tried = 0; tried < tries; tried++) {
      const sample = ascending(Array.from({ length: 39 }, () => random() ** 3));
      if (random() ** 3 <= (upperOrder(sample, 0.95) ?? 0)) below += 1;
    }
    // 38 of 40 places; within four standard errors.
    expect(Math.abs(below / tries - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / tries));
  });

  it("are values of the sample, and infinite or missing ones are left out", () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (values, level) => {
        const sorted = ascending([...values, Number.NaN, Infinity]);
        expect(sorted).toHaveLength(values.length);
        const found = upperOrder(sorted, level);
        expect(found === null || values.includes(found)).toBe(true);
      }),
    );
  });
});

describe("medians and deviations", () => {
  it("are those of the textbook", () => {
    expect(median([])).toBeNull();
    expect(median([3])).toBe(3);
    expect(median([1, 2, 4, 8])).toBe(3);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    // Iglewicz & Hoaglin's z of 8 in 1…5 and 8: median 3.5, MAD 1.5.
    const spread = spreadOf([1, 2, 3, 4, 5, 8]);
    expect(spread && modifiedZ(8, spread)).toBeCloseTo((0.6745 * 4.5) / 1.5, 3);
  });

  it("measure by the mean deviation where half of the values are equal, and not at all where all are", () => {
    const half = spreadOf([5, 5, 5, 5, 9]);
    expect(half && modifiedZ(9, half)).toBeCloseTo(4 / (1.253314 * 0.8), 6);
    const same = spreadOf([5, 5, 5]);
    expect(same && modifiedZ(9, same)).toBeNull();
    expect(spreadOf([])).toBeNull();
  });
});

describe("control charts", () => {
  it("stay within their limits in control, and signal a shift of one standard deviation", () => {
    const random = seeded(3);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const settings = { lambda: 0.2, width: 4 };
    const signals = (shift: number, values: number) => {
      let chart = NEW_CHART;
      let count = 0;
      for (let index = 0; index < values; index++) {
        chart = chartNext(chart, normal() + shift, settings);
        if (Math.abs(chart.value) > chartLimit(chart, settings)) count += 1;
      }
      return count;
    };
    expect(signals(0, 5_000)).toBeLessThan(5);
    expect(signals(1, 200)).toBeGreaterThan(10);
    expect(chartNext(NEW_CHART, Number.NaN, settings)).toEqual(NEW_CHART);
    expect(ewma([], 0.2)).toBeNull();
    expect(ewma([1, Number.NaN, 2], 0.5)).toBe(1.5);
  });
});

describe("rates", () => {
  it("have Wilson's interval: 8 of 10 is 0.490 to 0.943", () => {
    const found = wilson(8, 10);
    expect(found?.low).toBeCloseTo(0.49, 3);
    expect(found?.high).toBeCloseTo(0.9433, 3);
    expect([wilson(0, 0), wilson(3, 2), wilson(-1, 2)]).toEqual([null, null, null]);
    expect(smoothedRate(0, 0, 0.3, 10)).toBe(0.3);
    expect(smoothedRate(10, 10, 0, 10)).toBe(0.5);
  });

  it("have the binomial range: 92 trials at 0.8 are 66 to 81 hits in 95 of 100 cases", () => {
    expect(binomialRange(92, 0.8)).toEqual({ low: 66, high: 81 });
    expect(binomialAtMost(5, 10, 0.5)).toBeCloseTo(0.623047, 6);
    expect(binomialAtMost(50_000, 100_000, 0.5)).toBeCloseTo(0.50126, 3);
  });

  it("are scored by Brier: 0.25 for a coin, and skill against the base rate", () => {
    expect(brier([])).toBeNull();
    expect(
      brier([
        { probability: 0.5, came: true },
        { probability: 0.5, came: false },
      ]),
    ).toBe(0.25);
    expect(brierSkill(0.1, 0.2)).toBe(0.5);
    expect(brierSkill(0.1, 0)).toBeNull();
  });
});

describe("adaptive levels", () => {
  it("miss at the wanted rate in the long run, however the data drift (Gibbs & Candès, proposition 4.1)", () => {
    const random = seeded(11);
    let alpha = 0.1;
    let missed = 0;
    const values = 4_000;
    // The truth grows all the time, so that a fixed level would miss ever more.
    const sample: number[] = [];
    for (let time = 0; time < values; time++) {
      const value = random() * (1 + time / 50);
      const bound =
        alpha <= 0 ? Infinity : (upperOrder(ascending(sample.slice(-100)), 1 - alpha) ?? Infinity);
      const miss = value > bound;
      missed += miss ? 1 : 0;
      alpha = adapt(alpha, 0.1, miss);
      sample.push(value);
    }
    expect(Math.abs(missed / values - 0.1)).toBeLessThan((1 + 0.01) / (0.01 * values));
  });

  it("ask a sample for nothing absurd", () => {
    expect([-3, 0.05, 7].map((alpha) => usableAlpha(alpha, 0.05))).toEqual([0.001, 0.05, 0.2]);
  });
});

describe("tails", () => {
  it("follow a Pareto law beyond the sample, and never fall below its largest value", () => {
    const random = seeded(5);
    const sample = ascending(Array.from({ length: 2_000 }, () => (1 - random()) ** -0.5));
    // P(X > x) = x⁻²: one in 10,000 lies beyond 100.
    expect(tailQuantile(sample, 1e-4)).toBeGreaterThan(70);
    expect(tailQuantile(sample, 1e-4)).toBeLessThan(150);
    fc.assert(
      fc.property(amounts, (values) => {
        const sorted = ascending(values);
        const found = tailQuantile(sorted, 0.001);
        expect(isSaid(found)).toBe(true);
        if (found !== null) expect(found).toBeGreaterThanOrEqual(sorted.at(-1) ?? 0);
      }),
    );
  });
});

describe("survival", () => {
  it("is Kaplan and Meier's, with what still runs as censored", () => {
    const curve = survivalOf([
      { duration: 1, ended: true },
      { duration: 2, ended: false },
      { duration: 3, ended: true },
      { duration: 3, ended: true },
      { duration: 5, ended: false },
    ]);
    // 4/5 after 1; three at risk at 3, two of which end.
    expect(surviving(curve, 0)).toBe(1);
    expect(surviving(curve, 1)).toBeCloseTo(0.8);
    expect(surviving(curve, 2.9)).toBeCloseTo(0.8);
    expect(surviving(curve, 3)).toBeCloseTo(0.8 / 3);
    expect(survivingFrom(curve, 1, 3)).toBeCloseTo(1 / 3);
    expect([curve.ended, curve.censored]).toEqual([3, 2]);
    const over = survivalOf([{ duration: 1, ended: true }]);
    expect(survivingFrom(over, 2, 3)).toBeNull();
  });

  it("never rises, and stays within 0 and 1", () => {
    const lifetimes = fc.array(
      fc.record({ duration: fc.double({ min: -10, max: 1e9 }), ended: fc.boolean() }),
      { maxLength: 100 },
    );
    fc.assert(
      fc.property(lifetimes, (drawn) => {
        const curve = survivalOf(drawn);
        let last = 1;
        for (const { surviving: share } of curve.steps) {
          expect(share).toBeLessThanOrEqual(last);
          expect(share).toBeGreaterThanOrEqual(-1e-12);
          last = share;
        }
      }),
    );
  });
});

describe("logistic regression", () => {
  it("finds the weights that made the outcomes, and the base rate where there is no sign", () => {
    const random = seeded(9);
    const rows = Array.from({ length: 3_000 }, () => {
      const x = [random() * 2 - 1, random() * 2 - 1];
      const p = 1 / (1 + Math.exp(-(-1 + 2 * (x[0] ?? 0))));
      return { x, came: random() < p };
    });
    const model = fitLogistic(rows, 1);
    expect(model?.intercept).toBeCloseTo(-1, 0);
    expect(model?.weights[0]).toBeGreaterThan(1.6);
    expect(Math.abs(model?.weights[1] ?? 9)).toBeLessThan(0.3);
    const plain = fitLogistic(
      [
        { x: [1], came: true },
        { x: [1], came: false },
        { x: [1], came: false },
        { x: [1], came: false },
      ],
      1,
    );
    expect(plain && probabilityOf(plain, [1])).toBeCloseTo(0.25, 2);
    expect(fitLogistic([], 1)).toBeNull();
  });

  it("stays finite whatever the rows are", () => {
    const row = fc.record({
      x: fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 3 }),
      came: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const model = fitLogistic(rows, 5);
        const p = model && probabilityOf(model, rows[0]?.x ?? []);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThan(1);
      }),
      { numRuns: 50 },
    );
  });
});

it("draws the same numbers from the same seed, spread over 0 to 1", () => {
  const draws = Array.from({ length: 1_000 }, seeded(1));
  expect(Array.from({ length: 1_000 }, seeded(1))).toEqual(draws);
  expect(Math.abs(draws.reduce((sum, draw) => sum + draw, 0) / 1_000 - 0.5)).toBeLessThan(0.05);
  expect(seedOf("a", 1)).not.toBe(seedOf("a", 2));
  expect(seedOf("a", 1)).not.toBe(seedOf("b", 1));
});
