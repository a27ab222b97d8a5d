import { describe, expect, it } from "vitest";
import { exp, ln } from "./arithmetic.ts";
import { createRandom, createStreams } from "./random.ts";

/** Normal quantile of a two-sided false alarm rate of 1 in 1,000; seeds are fixed, so a failure stays one. */
const Z = 3.29;
const N = 50_000;

describe("arithmetic", () => {
  it("agrees with the platform's to the last bits, from + − × ÷ alone", () => {
    for (let step = -300; step <= 300; step++) {
      const x = step * 0.173;
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
      const y = Math.exp(x);
      expect(Math.abs(ln(y) - Math.log(y))).toBeLessThan(1e-13);
    }
    expect([exp(0), ln(1)]).toEqual([1, 0]);
  });
});

describe("streams of luck", () => {
  it("is sfc32: the published first outputs", () => {
    // PractRand's sfc32 from the state (0, 0, 0, 1), after its fifteen rounds of warming up, written by hand.
    const state = new Uint32Array([0, 0, 0, 1]);
    const step = () => {
      const [a = 0, b = 0, c = 0, d = 0] = state;
      const out = (a + b + d) >>> 0;
      state[3] = d + 1;
      state[0] = b ^ (b >>> 9);
      state[1] = c + (c << 3);
      state[2] = ((c << 21) | (c >>> 11)) + out;
      return out;
    };
    for (let round = 0; round < 15; round++) step();
    const random = createRandom([0, 0, 0, 1]);
    for (let draw = 0; draw < 1000; draw++) expect(random.uniform()).toBe(step() / 2 ** 32);
  });

  it("gives each name its own, whatever the others drew", () => {
    const [one, other] = [createStreams(3), createStreams(3)];
    one("tokens").uniform();
    expect(one("time").hex(32)).toBe(other("time").hex(32));
    expect(one("time").hex(32)).not.toBe(one("tokens").hex(32));
    expect(createStreams(4)("time").hex(32)).not.toBe(one("time").hex(32));
  });

  it("begins evenly over many names: their first draws are as good as one stream's", () => {
    const streams = createStreams(7);
    const buckets = new Array<number>(20).fill(0);
    for (let name = 0; name < N; name++) {
      const bucket = Math.floor(streams(`feature-${name >> 3}/${name & 7}/clarification`).uniform() * 20);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    const expected = N / 20;
    const chi_square = buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom, 1 in 1,000.
    expect(chi_square).toBeLessThan(43.82);
  });

  it("draws log-normal values with the median and the spread that were asked for", () => {
    const random = createStreams(1)("spread");
    const logs = Array.from({ length: N }, () => Math.log(random.logNormal({ median: 500, sigma: 0.9 })));
    const mean = logs.reduce((sum, x) => sum + x, 0) / N;
    const sigma = Math.sqrt(logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (N - 1));
    expect(Math.abs(mean - Math.log(500))).toBeLessThan((Z * 0.9) / Math.sqrt(N));
    expect(Math.abs(sigma - 0.9)).toBeLessThan((Z * 0.9) / Math.sqrt(2 * N));
  });

  it("reaches both ends of a range, and nothing outside", () => {
    const random = createStreams(1)("range");
    const seen = new Set(Array.from({ length: 1000 }, () => random.int(-3, 4)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3, 4]);
  });
});
