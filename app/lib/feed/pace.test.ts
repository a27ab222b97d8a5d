import { describe, expect, it } from "vitest";
import { CATCH_UP_MS, Pace } from "./pace.ts";

const START = 1_000_000_000;

describe("Pace", () => {
  it("counts the events of the last sixty seconds", () => {
    const pace = new Pace();
    pace.reset(START);
    for (let second = 0; second < 90; second++) pace.note(2, START + second * 1_000, START + second * 1_000);
    expect(pace.eventsPerMinute(START + 89_000)).toBe(120);
    expect(pace.eventsPerMinute(START + 119_000)).toBe(60);
    expect(pace.eventsPerMinute(START + 500_000)).toBe(0);
  });

  it("knows no rate before it has watched a minute, and says so", () => {
    const pace = new Pace();
    pace.reset(START);
    expect(pace.eventsPerMinute(START + 59_999)).toBeNull();
    expect(pace.eventsPerMinute(START + 60_000)).toBe(0);
    pace.reset(START + 61_000);
    expect(pace.eventsPerMinute(START + 62_000)).toBe(0);
  });

  it.each([
    ["right", 0],
    ["10 s ahead", 10_000],
    ["10 s behind", -10_000],
  ])("measures a lag of 600 ms with a browser clock that is %s", (_name, skew_ms) => {
    const pace = new Pace();
    pace.reset(START + skew_ms);
    const arrive = (at: number, lag_ms: number) => pace.note(1, START + at - lag_ms, START + at + skew_ms);
    arrive(CATCH_UP_MS, 0);
    arrive(CATCH_UP_MS + 1_000, 600);
    expect(pace.behind_ms).toBe(600);
  });

  it("calls the backlog of a fresh connection what it is: old", () => {
    const pace = new Pace();
    pace.reset(START);
    pace.note(1, START - 3_600_000, START + 10);
    expect(pace.behind_ms).toBe(3_600_010);
  });
});
