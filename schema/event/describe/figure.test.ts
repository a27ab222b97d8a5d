import { expect, it } from "vitest";
import { moneyText, tokenText } from "./figure.ts";

it("shortens tokens to three digits and money to cents", () => {
  expect([980, 21_600, 4_290_900, 215_000].map(tokenText)).toEqual(["980", "21.6 k", "4.29 M", "215 k"]);
  expect([0, 0.0042, 12, 1_234.5].map(moneyText)).toEqual(["$0.00", "$0.0042", "$12.00", "$1,234.50"]);
});

it.each([
  0.01, 0.015, 0.125, 1.005, 2.675, 9.995, 999.999, 1_000, 12_345.678, 1e9, 123_456_789_012.34, -1.5, -4_321,
])("writes %d dollars as the browser does", (usd) => {
  expect(moneyText(usd)).toBe(usd.toLocaleString("en-US", { style: "currency", currency: "USD" }));
});
