import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RETRY_MAX_MS, RETRY_MIN_MS, retryDelay } from "./backoff.ts";

describe("retryDelay", () => {
  it("stays between half a second and fifteen", () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delay_ms = retryDelay(attempt, random);
          expect(delay_ms).toBeGreaterThanOrEqual(RETRY_MIN_MS);
          expect(delay_ms).toBeLessThanOrEqual(RETRY_MAX_MS);
        },
      ),
    );
  });
  it("grows with each attempt and spreads the herd", () => {
    expect(retryDelay(0, 0.99)).toBe(RETRY_MIN_MS);
    expect(retryDelay(3, 0)).toBe(2_000);
    expect(retryDelay(3, 0.5)).toBe(3_000);
    expect(retryDelay(40, 0.999)).toBeGreaterThan(14_900);
  });
});
