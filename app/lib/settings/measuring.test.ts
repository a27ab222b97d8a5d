import { describe, expect, it } from "vitest";
import { errorsOf, readMeasuring, textOf } from "./measuring.ts";

const text = { cost_per_hour_cap_usd: "", simple_below: "5", complex_above: "20" };

describe("what is typed about measures", () => {
  it("is read as it was written, and an empty cap is none", () => {
    const set = { cost_per_hour_cap_usd: 2.5, complexity: { simple_below: 3, complex_above: 9 } };
    expect(readMeasuring(textOf(set))).toEqual({ ok: true, value: set });
    expect(readMeasuring({ ...text, cost_per_hour_cap_usd: " $ 7 " })).toMatchObject({
      value: { cost_per_hour_cap_usd: 7 },
    });
    expect(readMeasuring(text)).toMatchObject({ value: { cost_per_hour_cap_usd: null } });
  });
  it("is never sent as null because it is no number: that would take the cap away", () => {
    const wrong = readMeasuring({ cost_per_hour_cap_usd: "five", simple_below: "", complex_above: "many" });
    expect(wrong).toMatchObject({ ok: false });
    expect(Object.keys(wrong.ok ? {} : wrong.errors)).toEqual([
      "cost_per_hour_cap_usd",
      "simple_below",
      "complex_above",
    ]);
    expect(readMeasuring({ ...text, cost_per_hour_cap_usd: "1e999" }).ok).toBe(false);
  });
  it("finds what the server says about each field", () => {
    const fields = { "complexity.complex_above": "too low", cost_per_hour_cap_usd: "too high", other: "x" };
    expect(errorsOf(fields)).toEqual({ complex_above: "too low", cost_per_hour_cap_usd: "too high" });
  });
});
