import { expect, it } from "vitest";
import { createMoments } from "../format/moment.ts";
import { periodOf, windowOf } from "./period.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY_MS = 86_400_000;
const moments = createMoments("en-GB", "UTC", NOW);

it("ends now, at the moment on screen, or with what happened last", () => {
  expect(periodOf(null, null, moments)).toEqual({ end_ms: null, day: "last 24 h", week: "last 7 days" });
  const silent = Date.UTC(2026, 1, 28, 3, 54);
  expect(periodOf(null, silent, moments)).toEqual({
    ...{ end_ms: silent, day: "24 h to 28 Feb, 03:54", week: "7 days to 28 Feb" },
  });
  // What is on screen counts, whether somebody works now or not.
  expect(periodOf(silent - DAY_MS, silent, moments).end_ms).toBe(silent - DAY_MS);
});

it("asks for a window by name, or for the time up to its end and with it", () => {
  expect(windowOf(periodOf(null, null, moments), 7)).toEqual({ window: "7d" });
  expect(windowOf(periodOf(NOW, null, moments), 1)).toEqual({
    ...{ from: String(NOW + 1 - DAY_MS), to: String(NOW + 1) },
  });
});
