import { describe, expect, it } from "vitest";
import { apply, createState } from "../../../schema/state/apply.ts";
import { currentSprint } from "../../../schema/state/sprint.ts";
import type { FeatureFinishInfo, Lateness, SprintForecast } from "../../../schema/wire/forecast.ts";
import { written, type Step } from "../../../test/replay/play.ts";
import { createMoments } from "../format/moment.ts";
import { featureLines, finishesOf } from "./feature-rows.ts";
import { latenessOf, sprintAbout, sprintLine } from "./sprint.ts";

const NOON = Date.UTC(2026, 10, 22, 12);
const HOUR_MS = 3_600_000;
const NOW = NOON + HOUR_MS;
const ENDS = NOON + 5 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

function stateOf(...steps: Step[]) {
  const state = createState();
  for (const event of written(steps)) apply(state, event);
  return state;
}
const started = (features: string[], ends_at: string | undefined = iso(ENDS)): Step => ({
  type: "sprint_started",
  metadata: { sprint_id: "s7", title: "Sprint 7", features, ...(ends_at === "" ? {} : { ends_at }) },
});
const begun = (feature: string): Step => ({ type: "task_started", task: `${feature}-1`, feature });
const finish = (feature_id: string, p80: number): FeatureFinishInfo => ({
  ...{
    feature_id,
    title: null,
    open_tasks: 1,
    words: "",
    samples: 40,
    calibrated_by: 0,
    beyond_sample: 0,
    why: null,
  },
  ...{ p50_at: iso(NOW + 1), p80_at: iso(p80) },
});
const late = (probability: number): Lateness => ({
  probability,
  word: probability < 0.1 ? "negligible" : "high",
});
const foretold = (features: SprintForecast["features"]): SprintForecast => ({
  ...{ sprint_id: "s7", title: "Sprint 7", goal: null, started_at: iso(NOON), ends_at: iso(ENDS) },
  ...{
    p50_at: iso(ENDS),
    p80_at: iso(ENDS + 1),
    late: late(0.5),
    words: "",
    why: null,
    features,
    omitted_features: 0,
  },
});

describe("the features of a sprint", () => {
  const state = stateOf(
    ...["in-time", "too-late", "done", "aside"].map(begun),
    { type: "feature_merged", feature: "done" },
    { type: "feature_abandoned", feature: "given-up" },
    started(["in-time", "too-late", "done", "unheard-of", "given-up"]),
  );
  const sprint = currentSprint(state);
  if (sprint === null) throw new Error("a sprint is going on");
  const said = foretold([
    { ...finish("in-time", ENDS - 1), status: "in_progress", closed_at: null, late: late(0.05) },
    { ...finish("too-late", ENDS + 1), status: "in_progress", closed_at: null, late: late(0.7) },
  ]);
  const overview = {
    seq: 1,
    sprint: said,
    calibration: [],
    features: [finish("aside", NOW)],
    omitted_features: 0,
  };
  const scope = { sprint, late: latenessOf(sprint, said) };

  it("are its own alone, each with its risk to be late", () => {
    const { lines, open } = featureLines(state, finishesOf(overview), NOW, scope);
    expect(lines.map(({ id, risk }) => [id, risk.word])).toEqual([
      ["too-late", "high"],
      ["in-time", "negligible"],
      ["given-up", "unknown"],
      ["done", "unknown"],
    ]);
    expect(open).toBe(3);
  });

  it("land, or may not, or nobody knows; what was given up is not counted", () => {
    const { landing } = featureLines(state, finishesOf(overview), NOW, scope);
    expect(landing).toMatchObject({ features: 4, done: 1, likely: 1 });
    expect(landing?.doubtful.map(({ id }) => id)).toEqual(["too-late"]);
  });

  it("are the open ones where it names none", () => {
    const all = stateOf(begun("a"), begun("b"), { type: "feature_merged", feature: "b" }, started([]));
    const none = currentSprint(all);
    const { lines, landing } = featureLines(all, [], NOW, none && { sprint: none, late: new Map() });
    expect(lines.map(({ id }) => id)).toEqual(["a"]);
    expect(landing).toMatchObject({ features: 1, done: 0, likely: 0, doubtful: [] });
  });

  it("have no risk of a forecast that was of another sprint", () => {
    const other = { ...said, sprint_id: "s6" };
    expect(latenessOf(sprint, other).size).toBe(0);
    expect(sprintLine(sprint, other)).toMatchObject({
      p50: null,
      late: { word: "unknown" },
      why: "no forecast",
    });
    expect(sprintLine(sprint, said)).toMatchObject({ p80: ENDS + 1, why: "late in 50% of futures" });
  });
});

describe("what a sprint is about", () => {
  const moments = createMoments("en-GB", "UTC", NOON);
  const about = (started_at: number, ends_at: number | null, now_ms: number) =>
    sprintAbout({ name: "Sprint 7", ends_at }, started_at, now_ms, moments, (ms) => `${ms / HOUR_MS} h`);

  it.each([
    ["Sprint 7, 22 Nov to 2 Dec, day 5 of 10", NOON, NOON + 240 * HOUR_MS, NOON + 110 * HOUR_MS],
    ["Sprint 7, 22 Nov, 12:00 to 17:00, 4 h left", NOON, ENDS, NOW],
    ["Sprint 7, 22 Nov, 12:00 to 23 Nov, 12:00, 23 h left", NOON, NOON + 24 * HOUR_MS, NOW],
    ["Sprint 7, over since 22 Nov, 17:00", NOON, ENDS, ENDS + 1],
    ["Sprint 7, since 22 Nov, 12:00", NOON, null, NOW],
  ])("%s", (words, started_at, ends_at, now_ms) => {
    expect(about(started_at, ends_at, now_ms)).toBe(words);
  });
});
