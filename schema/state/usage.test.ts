import { describe, expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";

const call = (metrics: Step["metrics"], cost_source?: string): Step => ({
  type: "tokens_used",
  ...(metrics === undefined ? {} : { metrics }),
  ...(cost_source === undefined ? {} : { metadata: { cost_source } }),
});

describe("usage", () => {
  it("[M2] tells reported, priced and unknown cost apart", () => {
    const { usage } = play([
      call({ cost_usd: 1 }),
      call({ cost_usd: 2 }, "reported"),
      call({ cost_usd: 4 }, "priced"),
      call({ input_tokens: 5 }, "priced"),
      call(undefined),
    ]);
    expect(usage).toMatchObject({
      calls: 5,
      reported_calls: 2,
      reported_usd: 3,
      priced_calls: 1,
      priced_usd: 4,
    });
  });

  it("[M1] nothing but tokens_used adds", () => {
    const { usage } = play([{ type: "tool_called", metrics: { input_tokens: 5, cost_usd: 5 } }]);
    expect(usage).toMatchObject({ calls: 0, input_tokens: 0, reported_usd: 0 });
  });

  it("[M1] adds up: every call is of one feature, or unassigned", () => {
    const state = play([
      { ...call({ input_tokens: 1 }), feature: "F" },
      { type: "task_created", task: "T", feature: "G" },
      { ...call({ input_tokens: 2 }), task: "T" },
      { ...call({ input_tokens: 4 }), task: "loose" },
      call({ input_tokens: 8 }),
      { ...call({ input_tokens: 16 }), agent: "clusterfork:board" },
    ]);
    const of_features = ["F", "G"].map((id) => state.open_features.get(id)?.usage.input_tokens);
    expect(of_features).toEqual([1, 2]);
    expect(state.unassigned.usage).toMatchObject({ calls: 3, input_tokens: 28 });
    expect(state.usage.input_tokens).toBe(31);
    // What the service itself does is no work that anybody has to assign.
    expect(state.unassigned.events).toBe(2);
  });

  it("[S3] ignores amounts that are no measurement, and stays finite", () => {
    const odd = [Number.NaN, Infinity, -1, 1e300, 1e15, 1e15];
    const { usage } = play(odd.map((value) => call({ output_tokens: value, cost_usd: value })));
    expect(usage).toMatchObject({ calls: 6, output_tokens: 2e15, reported_calls: 2, reported_usd: 2e15 });
  });
});
