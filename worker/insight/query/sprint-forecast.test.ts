import { describe, expect, it } from "vitest";
import type { Json } from "../../../schema/event/event.ts";
import { forecastOverview } from "../../../schema/wire/forecast-body.ts";
import type { SprintForecast } from "../../../schema/wire/forecast.ts";
import { NOON_MS, play, type Step } from "../../../test/replay/play.ts";
import { Outlook } from "./outlook.ts";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** Thirty tasks of ten minutes each, one after the other: nothing is left to chance, and it is 17:00 then. */
const worked: Step[] = Array.from({ length: 30 }, (_, n) => [
  { type: "task_claimed", task: `P${n}`, feature: "past", at: n * 10 * MINUTE_S },
  { type: "task_completed", task: `P${n}`, feature: "past", at: (n * 10 + 10) * MINUTE_S },
]).flat();
const NOW_S = 5 * HOUR_S;
const planned = (feature: string, tasks: number): Step[] =>
  Array.from({ length: tasks }, (_, n) => ({
    ...{ type: "task_created", task: `${feature}-${n}`, feature, at: NOW_S },
    metadata: { dependencies: n === 0 ? [] : [`${feature}-${n - 1}`] },
  }));
const sprint = (metadata: { [key: string]: Json }, ends_s?: number): Step => ({
  ...{ type: "sprint_started", at: NOW_S },
  metadata: {
    ...{ sprint_id: "s7", title: "Sprint 7", ...metadata },
    ...(ends_s === undefined ? {} : { ends_at: new Date(NOON_MS + ends_s * 1_000).toISOString() }),
  },
});

function foretold(...steps: Step[]): SprintForecast {
  const state = play([...worked, ...steps]);
  const outlook = new Outlook();
  outlook.learn(state);
  const overview = forecastOverview.strict().parse(outlook.overview(state, NOON_MS + NOW_S * 1_000));
  if (overview.sprint === null) throw new Error("a sprint is going on");
  return overview.sprint;
}
const after = (text: string | null, minutes: number) =>
  expect(((Date.parse(text ?? "") - NOON_MS) / 1_000 - NOW_S) / MINUTE_S).toBeCloseTo(minutes, 5);

describe("the forecast of a sprint", () => {
  it("has each feature's times and risk, and all of it with the agents for all of them", () => {
    const found = foretold(
      ...planned("short", 2),
      ...planned("long", 5),
      sprint({ features: ["short", "long"], goal: "Ship" }, NOW_S + 40 * MINUTE_S),
    );
    expect(found).toMatchObject({ sprint_id: "s7", title: "Sprint 7", goal: "Ship", omitted_features: 0 });
    expect(found.features.map(({ feature_id, late }) => [feature_id, late])).toEqual([
      ["short", { probability: 0, word: "negligible" }],
      ["long", { probability: 1, word: "high" }],
    ]);
    after(found.features[0]?.p80_at ?? null, 20);
    after(found.features[1]?.p80_at ?? null, 50);
    // One agent is there: it does both.
    after(found.p50_at, 70);
    expect(found).toMatchObject({ late: { probability: 1, word: "high" }, why: null });
  });

  it("is of the open features where it names none", () => {
    const found = foretold(...planned("a", 1), ...planned("b", 1), sprint({}, NOW_S + HOUR_S));
    expect(found.features.map(({ feature_id }) => feature_id)).toEqual(["past", "a", "b"]);
  });

  it("knows what came: what closed in time is not late, what closed after the end is, what was given up is neither", () => {
    const ends_s = NOW_S + 30 * MINUTE_S;
    const closed = (feature: string, type: string, at: number): Step => ({ type, feature, at });
    const steps = [
      closed("one", "feature_merged", NOW_S + 10),
      closed("two", "feature_completed", ends_s + 10),
      closed("three", "feature_abandoned", NOW_S + 10),
    ];
    const of = (features: string[]) => foretold(sprint({ features }, ends_s), ...steps);
    const found = of(["one", "two", "three"]);
    expect(found.features.map(({ status, late }) => [status, late.word])).toEqual([
      ["merged", "negligible"],
      ["done", "high"],
      ["abandoned", "unknown"],
    ]);
    expect(found).toMatchObject({
      p50_at: null,
      late: { probability: 1 },
      why: "nothing of it is left to do",
    });
    expect(of(["one", "three"]).late).toEqual({ probability: 0, word: "negligible" });
  });

  it("says of all nothing while one of its features has no tasks, or is not known", () => {
    const asked: Step = { type: "feature_requested", feature: "asked", at: NOW_S };
    const found = foretold(
      asked,
      ...planned("a", 1),
      sprint({ features: ["a", "asked", "none"] }, NOW_S + HOUR_S),
    );
    expect(found).toMatchObject({ p50_at: null, late: { probability: null, word: "unknown" } });
    expect(found.why).toBe("2 of its 3 features have no tasks yet");
    expect(found.features.map(({ status, why }) => [status, why])).toEqual([
      ["requested", null],
      ["requested", "it has no open task"],
      [null, "no event has named it yet"],
    ]);
    expect(found.features[0]?.late.word).toBe("negligible");
  });

  it("without an end has times, and no risk", () => {
    const found = foretold(...planned("a", 1), sprint({ features: ["a"] }));
    expect(found).toMatchObject({ ends_at: null, late: { probability: null, word: "unknown" } });
    after(found.p80_at, 10);
  });

  it("imagines futures of a bounded number of features", () => {
    const features = Array.from({ length: 40 }, (_, n) => `f${n}`);
    const found = foretold(...features.flatMap((id) => planned(id, 1)), sprint({ features }, NOW_S + HOUR_S));
    expect([found.features.length, found.omitted_features]).toEqual([16, 24]);
    after(found.p50_at, 400);
  });
});
