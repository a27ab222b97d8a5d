import { describe, expect, it } from "vitest";
import { createUsage } from "../../../schema/state/usage.ts";
import { tokensText } from "./usage.ts";

describe("tokensText", () => {
  it("counts cached input as input", () => {
    expect(
      tokensText({ ...createUsage(), calls: 1, input_tokens: 900, cache_read_tokens: 100, output_tokens: 5 }),
    ).toBe("1.00 k in, 5 out");
    expect(tokensText(createUsage())).toBeNull();
  });
});
