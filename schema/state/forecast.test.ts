import { describe, expect, it } from "vitest";
import { NOON_MS, play } from "../../test/replay/play.ts";
import { MAX_OPEN_FORECASTS, MAX_SCORED_FORECASTS, MAX_TARGETS } from "./limits.ts";
import { targetKey } from "./target.ts";

const agent = "clusterfork:insight";
const made = (forecast_id: string, predicted = 10) => ({
  type: "forecast_made",
  agent,
  task: "T",
  metadata: { forecast_id, metric: "work", method: "median" },
  metrics: { predicted, low: 5, high: 20, coverage: 0.9, samples: 23 },
});
const scored = (forecast_id: string) => ({
  ...made(forecast_id),
  type: "forecast_scored",
  metrics: { predicted: 10, low: 5, high: 20, coverage: 0.9, samples: 23, actual: 12 },
});
const recalibrated = (scope: string, target: number) => ({
  type: "target_recalibrated",
  agent,
  metadata: { metric: "work", scope, method: "order statistic" },
  metrics: { target, previous: 1, samples: 19 },
});

describe("forecasts", () => {
  it("stand until their truth comes, and then beside it", () => {
    const open = play([made("a"), made("b"), made("a", 11)]);
    expect([...open.open_forecasts.keys()]).toEqual(["b", "a"]);
    expect(open.open_forecasts.get("a")).toMatchObject({
      predicted: 11,
      made_at: NOON_MS + 3_000,
      actual: null,
    });
    const closed = play([made("a"), scored("a"), scored("forgotten")]);
    expect(closed.open_forecasts.size).toBe(0);
    expect([...closed.scored_forecasts.values()]).toMatchObject([
      {
        id: "a",
        task_id: "T",
        actual: 12,
        low: 5,
        high: 20,
        made_at: NOON_MS + 1_000,
        scored_at: NOON_MS + 2_000,
      },
      { id: "forgotten", actual: 12, made_at: null },
    ]);
  });

  it("[S5] are bounded, the oldest first, and one without an id is none", () => {
    const ids = Array.from({ length: MAX_OPEN_FORECASTS + 5 }, (_, index) => `f${index}`);
    const open = play(ids.map((id) => made(id)));
    expect(open.open_forecasts.size).toBe(MAX_OPEN_FORECASTS);
    expect(open.open_forecasts.has("f4")).toBe(false);
    expect(play(ids.map(scored)).scored_forecasts.size).toBe(MAX_SCORED_FORECASTS);
    expect(
      play([
        { type: "forecast_made", agent },
        { type: "forecast_scored", agent },
      ]).open_forecasts.size,
    ).toBe(0);
  });
});

describe("targets", () => {
  it("are the newest of their metric and scope, and bounded", () => {
    const state = play([recalibrated("task", 10), recalibrated("task·bug", 20), recalibrated("task", 12)]);
    expect(state.targets.get(targetKey("work", "task"))).toMatchObject({
      target: 12,
      samples: 19,
      at: NOON_MS + 3_000,
    });
    expect(state.targets.size).toBe(2);
    const many = play(Array.from({ length: MAX_TARGETS + 9 }, (_, index) => recalibrated(`s${index}`, 1)));
    expect(many.targets.size).toBe(MAX_TARGETS);
    expect(play([{ type: "target_recalibrated", agent }]).targets.size).toBe(0);
    expect(targetKey("a", "bc")).not.toBe(targetKey("ab", "c"));
  });
});
