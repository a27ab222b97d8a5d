import { describe, expect, it } from "vitest";
import type { DeliveryInfo, DeliveryOutcome } from "../../../schema/wire/channel.ts";
import { countsOf, deadOf, healthOf, lastError } from "./channel.ts";

const delivery = (outcome: DeliveryOutcome, error: string | null = null): DeliveryInfo => ({
  ...{ id: `${outcome}-${error ?? ""}`, seq: 1, outcome, attempts: 1, error },
  ...{ at: "2026-11-23T12:00:00.000Z", next_at: null },
});

describe("a channel", () => {
  it("is untried before anything was to be told", () => {
    expect(healthOf({ deliveries: [] })).toBe("untried");
    expect(countsOf({ deliveries: [] })).toBe("");
  });

  it("fails while anything is given up, whatever came after it", () => {
    const deliveries = [delivery("delivered"), delivery("dead", "refused"), delivery("delivered")];
    expect(healthOf({ deliveries })).toBe("failing");
    expect(deadOf({ deliveries })).toHaveLength(1);
    expect(lastError({ deliveries })?.error).toBe("refused");
    expect(countsOf({ deliveries })).toBe("2 delivered, 1 given up");
  });

  it("waits while the newest is on its way, and works when it arrived", () => {
    expect(healthOf({ deliveries: [delivery("waiting", "busy"), delivery("delivered")] })).toBe("waiting");
    const arrived = { deliveries: [delivery("delivered"), delivery("waiting", null)] };
    expect(healthOf(arrived)).toBe("working");
    expect(lastError(arrived)).toBeUndefined();
  });
});
