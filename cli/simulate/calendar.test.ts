import { describe, expect, it } from "vitest";
import { createCalendar, DAY_MS } from "./calendar.ts";

const HOUR_MS = 3_600_000;
/** Hours since the start of the run, which is 09:00 of the team's clock: 13 is 22:00, 22 is 07:00. */
const hours = (ms: number) => ms / HOUR_MS;

describe("a team that sleeps", () => {
  const calendar = createCalendar(true);
  const after = (at: number, work: number) => hours(calendar.after(at * HOUR_MS, work * HOUR_MS));

  it("goes on in the morning with what was not finished in the evening", () => {
    expect(after(0, 4)).toBe(4);
    expect(after(12, 3)).toBe(24);
    expect(after(12, 0.999)).toBeCloseTo(12.999);
    expect(after(0, 13 + 15 + 1)).toBe(47);
  });

  it("begins in the morning what comes in the night", () => {
    expect(after(14, 1)).toBe(23);
    expect(after(21.5, 2)).toBe(24);
    expect(after(22, 0)).toBe(22);
  });

  it("knows its nights and counts its days", () => {
    expect(calendar.nextNight(0)).toEqual({ from_ms: 13 * HOUR_MS, to_ms: 22 * HOUR_MS });
    expect(calendar.nextNight(13 * HOUR_MS)).toEqual({ from_ms: 13 * HOUR_MS, to_ms: 22 * HOUR_MS });
    expect(calendar.nextNight(14 * HOUR_MS)).toEqual({
      from_ms: 13 * HOUR_MS + DAY_MS,
      to_ms: 22 * HOUR_MS + DAY_MS,
    });
    expect([0, 14, 15, 39].map((at) => calendar.day(at * HOUR_MS))).toEqual([1, 1, 2, 3]);
  });
});

it("a team that never sleeps works on", () => {
  const calendar = createCalendar(false);
  expect(calendar.after(12 * HOUR_MS, 3 * HOUR_MS)).toBe(15 * HOUR_MS);
  expect(calendar.nextNight(0)).toBeNull();
});
