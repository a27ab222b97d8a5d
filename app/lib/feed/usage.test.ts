import { describe, expect, it } from "vitest";
import { createUsage } from "../../../schema/state/usage.ts";
import { costOf, moneyText, tokensText, tokenText } from "./usage.ts";

describe("costOf", () => {
  it("[M2] unknown is unknown, never $0", () => {
    expect(costOf(createUsage())).toBeNull();
    expect(costOf({ ...createUsage(), calls: 3 })).toEqual({
      amount: null,
      basis: "3 calls of unknown cost",
    });
  });
  it("[M2] says how much was reported, priced and unknown", () => {
    const usage = {
      ...createUsage(),
      calls: 6,
      reported_calls: 2,
      reported_usd: 3.86,
      priced_calls: 3,
      priced_usd: 1.2,
    };
    expect(costOf(usage)).toEqual({
      amount: "$5.06",
      basis: "$3.86 reported, $1.20 priced, 1 call of unknown cost",
    });
    expect(costOf({ ...createUsage(), calls: 2, reported_calls: 2, reported_usd: 3.86 })).toEqual({
      amount: "$3.86",
      basis: "reported",
    });
  });
});

describe("text", () => {
  it("shortens tokens to three digits and money to cents", () => {
    expect([980, 21_600, 4_290_900, 215_000].map(tokenText)).toEqual(["980", "21.6 k", "4.29 M", "215 k"]);
    expect([0, 0.0042, 12, 1_234.5].map(moneyText)).toEqual(["$0.00", "$0.0042", "$12.00", "$1,234.50"]);
    expect(
      tokensText({ ...createUsage(), calls: 1, input_tokens: 900, cache_read_tokens: 100, output_tokens: 5 }),
    ).toBe("1.00 k in, 5 out");
    expect(tokensText(createUsage())).toBeNull();
  });
});
