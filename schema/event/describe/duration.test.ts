import { expect, it } from "vitest";
import { duration, elapsed } from "./duration.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

it("says a span in its two largest units, rounded, and never 60 of one", () => {
  const said: [ms: number, text: string][] = [
    [-5, "0 s"],
    [0, "0 s"],
    [0.4, "0.4 ms"],
    [340, "340 ms"],
    [999.7, "1 s"],
    [8_200, "8.2 s"],
    [12_400, "12 s"],
    [59_900, "1 min"],
    [300_000, "5 min"],
    [554_000, "9 min 14 s"],
    [HOUR_MS - 100, "1 h"],
    [2 * HOUR_MS + 24 * MINUTE_MS + 40_000, "2 h 25 min"],
    [24 * HOUR_MS - 1_000, "1 d"],
    [52 * HOUR_MS, "2 d 4 h"],
    [1_234 * 24 * HOUR_MS, "1,234 d"],
  ];
  expect(said.map(([ms]) => duration(ms))).toEqual(said.map(([, text]) => text));
});

it("writes numbers as their reader does", () => {
  const german = (value: number) => value.toLocaleString("de", { maximumSignificantDigits: 3 });
  expect(duration(8_200, german)).toBe("8,2 s");
  expect(duration(554_000, german)).toBe("9 min 14 s");
});

it("counts what has gone by whole", () => {
  expect([-1, 0, 999, 1_000, 8_999, 59_999, 134_500].map(elapsed)).toEqual([
    ...["0 s", "0 s", "0 s", "1 s", "8 s", "59 s", "2 min 14 s"],
  ]);
  const beyond = [
    HOUR_MS - 1,
    HOUR_MS + 31_000,
    24 * HOUR_MS - 1,
    25 * HOUR_MS - 1,
    52 * HOUR_MS + 3_599_999,
  ];
  expect(beyond.map(elapsed)).toEqual(["59 min 59 s", "1 h", "23 h 59 min", "1 d", "2 d 4 h"]);
});
