import { describe, expect, it } from "vitest";
import { createUsage } from "../../../schema/state/usage.ts";
import { costOf, tokensText } from "./usage.ts";

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

describe("tokensText", () => {
  it("counts cached input as input", () => {
    expect(
      tokensText({ ...createUsage(), calls: 1, input_tokens: 900, cache_read_tokens: 100, output_tokens: 5 }),
    ).toBe("1.00 k in, 5 out");
    expect(tokensText(createUsage())).toBeNull();
  });
});
