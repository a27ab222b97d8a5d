import { expect, it } from "vitest";
import { aheadOf } from "./ahead.ts";

const HOUR_MS = 3_600_000;
const NOW = new Date(2026, 10, 23, 12).getTime();

it("gives the future at most its share, and nothing where nothing is foretold", () => {
  expect(aheadOf(1_000, NOW, HOUR_MS, null)).toEqual({ past_px: 1_000, ticks: [] });
  // It should have been done by now: no tick stands in the past.
  expect(aheadOf(1_000, NOW, HOUR_MS, { p50: NOW - 2, p80: NOW - 1 }).ticks).toEqual([]);
  expect(aheadOf(300, NOW, HOUR_MS, { p50: NOW + 1, p80: NOW + 2 }).past_px).toBe(300);
  const never = { p50: NOW + HOUR_MS, p80: NOW + 9_000 * 24 * HOUR_MS };
  expect(aheadOf(1_000, NOW, HOUR_MS, never)).toEqual({ past_px: 1_000, ticks: [] });
  const far = aheadOf(1_000, NOW, HOUR_MS, { p50: NOW + HOUR_MS, p80: NOW + 3 * HOUR_MS });
  expect(far.past_px).toBeGreaterThanOrEqual(700);
  expect(far.ticks.map(({ label }) => label)).toEqual(["P50 13:00", "P80 15:00"]);
  for (const { x } of far.ticks) expect(x).toBeGreaterThanOrEqual(far.past_px);
  const near = aheadOf(1_000, NOW, 1_000 * HOUR_MS, { p50: NOW + HOUR_MS, p80: NOW + HOUR_MS * 1.2 });
  expect(near.ticks.map(({ label }) => label)).toEqual(["", "P50 13:00 · 13:12 P80"]);
});
