import { expect, it } from "vitest";
import { lastWork, openingWindow, silentSince } from "./silence.ts";

const DAY_MS = 86_400_000;
const NOW = 400 * DAY_MS;
const LENGTHS = [
  ["1h", DAY_MS / 24],
  ["24h", DAY_MS],
  ["7d", 7 * DAY_MS],
  ["all", null],
] as const;

it("a log is silent after a week without an event, and one that never spoke is empty instead", () => {
  expect(silentSince(NOW - 7 * DAY_MS, NOW)).toBeNull();
  expect(silentSince(NOW - 8 * DAY_MS, NOW)).toBe(NOW - 8 * DAY_MS);
  expect(silentSince(null, NOW)).toBeNull();
  // A clock that is ahead of ours.
  expect(silentSince(NOW + DAY_MS, NOW)).toBeNull();
});

it("a page opens with its usual window, or with the first longer one in which something happened", () => {
  const opening = (ago_ms: number | null) =>
    openingWindow("24h", LENGTHS, ago_ms === null ? null : NOW - ago_ms, NOW);
  expect(opening(60_000)).toBe("24h");
  expect(opening(2 * DAY_MS)).toBe("7d");
  expect(opening(200 * DAY_MS)).toBe("all");
  expect(opening(null)).toBe("24h");
});

it("goes by the clock of the work: a log in which only a budget was set has none", () => {
  expect(lastWork({ time: 0 })).toBeNull();
  expect(lastWork({ time: NOW })).toBe(NOW);
});
