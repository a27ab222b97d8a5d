import { describe, expect, it } from "vitest";
import { play } from "../../test/replay/play.ts";
import { costOf } from "./cost.ts";
import { findFeature } from "./select.ts";
import { createUsage } from "./usage.ts";

const call = (cost_usd: number | null, cost_source: string, where: { feature?: string; agent?: string }) => ({
  type: "tokens_used",
  metadata: { cost_source },
  metrics: { input_tokens: 100, ...(cost_usd === null ? {} : { cost_usd }) },
  ...where,
});

describe("costOf", () => {
  it("[M2] unknown is unknown, never $0", () => {
    expect(costOf(createUsage())).toBeNull();
    expect(costOf({ ...createUsage(), calls: 3 })).toEqual({
      text: "unknown",
      basis: "3 calls without a price",
    });
    // Whatever is unknown, an amount stands only for calls whose cost somebody knows.
    for (const unknown of [1, 2, 5_000])
      expect(JSON.stringify(costOf({ ...createUsage(), calls: unknown }))).not.toContain("$");
  });

  it("[M2] a cost of nothing that was reported is $0.00, and says so", () => {
    expect(costOf({ ...createUsage(), calls: 1, reported_calls: 1 })).toEqual({
      text: "$0.00",
      basis: "reported",
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
      text: "$5.06 + 1 call without a price",
      basis: "$3.86 reported, $1.20 priced, for 5 of 6 calls",
    });
    expect(costOf({ ...createUsage(), calls: 2, reported_calls: 2, reported_usd: 3.86 })).toEqual({
      text: "$3.86",
      basis: "reported",
    });
  });

  it("[M2] is told apart for each feature, each agent, what is unassigned, and the project", () => {
    const state = play([
      call(0.4, "reported", { feature: "F", agent: "a" }),
      call(0.02, "priced", { feature: "F", agent: "b" }),
      call(null, "unknown", { feature: "F", agent: "b" }),
      call(null, "unknown", { feature: "G", agent: "b" }),
      call(1, "reported", { agent: "c" }),
    ]);
    const feature = (id: string) => costOf(findFeature(state, id)?.usage ?? createUsage());
    const agent = (id: string) => costOf(state.agents.get(id)?.usage ?? createUsage());
    expect(feature("F")).toEqual({
      text: "$0.42 + 1 call without a price",
      basis: "$0.40 reported, $0.02 priced, for 2 of 3 calls",
    });
    expect(feature("G")).toEqual({ text: "unknown", basis: "1 call without a price" });
    expect(agent("a")).toEqual({ text: "$0.40", basis: "reported" });
    expect(agent("b")).toEqual({
      text: "$0.02 + 2 calls without a price",
      basis: "priced for 1 of 3 calls",
    });
    expect(costOf(state.unassigned.usage)).toEqual({ text: "$1.00", basis: "reported" });
    expect(costOf(state.usage)?.text).toBe("$1.42 + 2 calls without a price");
  });
});
