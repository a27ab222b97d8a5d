import { describe, expect, it } from "vitest";
import type { Foretold } from "../../../schema/state/entity/forecast.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { calibrationByKind } from "../../../schema/wire/calibration-kind.ts";
import { calibrate as drawn, isInside, newestOf } from "./calibrate.ts";
import { CALIBRATION_TABLE, calibrationNumbers } from "./headline.ts";
import { amountText, kindWords } from "./kind.ts";
import { verdictOf } from "./verdict.ts";

/** As the server answers. */
const calibrate = (all: Foretold[]) => drawn(calibrationByKind(all));

let seq = 0;
function scored(metric: string, part: Partial<Foretold>): Foretold {
  seq += 1;
  return {
    ...{
      id: `f${seq}`,
      metric,
      method: null,
      task_id: "T",
      feature_id: null,
      samples: 9,
      made_at: 1,
      scored_at: 2,
    },
    ...{ predicted: null, low: null, high: null, coverage: null, actual: null, seq },
    ...part,
  };
}
/** `inside` of `n` whose interval was to hold nine in ten. */
const held = (metric: string, inside: number, n: number) =>
  Array.from({ length: n }, (_, i) =>
    scored(metric, { predicted: 100, low: 50, high: 200, coverage: 0.9, actual: i < inside ? 120 : 500 }),
  );
const chance = (said: number, came: number, n: number) =>
  Array.from({ length: n }, (_, i) => scored("breach", { predicted: said, actual: i < came ? 1 : 0 }));
const say = (all: Foretold[], more = { waiting: 0, finished: 0 }) =>
  textOf(
    headlineOf(
      CALIBRATION_TABLE,
      calibrationNumbers(calibrate(all), (kind) => `#${kind}`, more),
    ),
  );

describe("intervals", () => {
  it("are counted by what they asked and what they reached, with the doubt that so few leave", () => {
    const [work] = calibrate(held("work", 16, 20));
    expect(work).toMatchObject({ shape: "interval", kind: "work", n: 20, covered: 0.8, ratio: 1.2 });
    expect(work?.shape === "interval" && work.asked).toBeCloseTo(0.9, 9);
    expect(work?.shape === "interval" && work.interval?.low).toBeCloseTo(0.584, 3);
  });
  it("hold the truth at their ends, and need no lower one", () => {
    const one = { low: null, high: 10, actual: 10 };
    expect(isInside(one)).toBe(true);
    expect(isInside({ ...one, low: 11, high: 12 })).toBe(false);
    expect(isInside({ ...one, high: null })).toBeNull();
  });
  it("are doubted only where their number allows it", () => {
    const verdict = (inside: number, n: number) => {
      const [kind] = calibrate(held("work", inside, n));
      return kind?.shape === "interval" ? verdictOf(kind) : null;
    };
    expect(verdict(2, 9)).toBe("too few");
    expect(verdict(16, 20)).toBe("holds");
    expect(verdict(12, 20)).toBe("too narrow");
    expect(verdict(100, 100)).toBe("too wide");
  });
  it("of forecasts without a truth are none", () => {
    expect(calibrate([scored("work", { predicted: 1 }), scored("", { actual: 1 })])).toEqual([]);
  });
});

describe("probabilities", () => {
  it("are known by what they say and what came, binned by what was said", () => {
    const [breach] = calibrate([...chance(0.1, 1, 10), ...chance(0.9, 9, 10)]);
    expect(breach).toMatchObject({ shape: "probability", n: 20 });
    if (breach?.shape !== "probability") return;
    expect(breach.bins.map(({ actual, n }) => [actual, n])).toEqual([
      [0.1, 10],
      [0.9, 10],
    ]);
    expect(breach.brier).toBeCloseTo(0.09, 9);
    expect(breach.skill).toBeCloseTo(0.64, 9);
  });
  it("that were sure belong to the last bin", () => {
    const [breach] = calibrate(chance(1, 3, 3));
    expect(breach?.shape === "probability" && breach.bins).toHaveLength(1);
  });
});

describe("the sentence", () => {
  it("is as sure as there are forecasts", () => {
    expect(say([])).toBe("No forecast has been held against what came yet.");
    expect(say(held("work", 3, 4))).toBe("One kind has too few to tell so far, of four forecasts.");
  });
  it("says of an import that it was over before anything could be foretold", () => {
    expect(say([], { waiting: 0, finished: 4_750 })).toBe(
      "No forecast has been held against what came yet. 4,750 tasks were over before anything could be foretold, as in an import: forecasts begin with the next task that begins.",
    );
    expect(say([], { waiting: 2, finished: 9 })).toContain("yet. Two forecasts wait for what comes.");
    expect(say(held("work", 18, 20), { waiting: 0, finished: 9 })).not.toContain("import");
  });
  it("names what keeps its promise, and first what does not", () => {
    expect(say([...held("work", 18, 20), ...held("cost", 19, 20)])).toBe(
      "Forecasts keep what they promise for cost of a task and work of a task.",
    );
    expect(say([...held("work", 18, 20), ...held("tokens", 9, 20), ...chance(0.9, 1, 12)])).toBe(
      "Promises are too narrow for tokens of a task: more comes outside of them than they say. Probabilities for a task misses its target know no more than the plain rate.",
    );
  });
});

it("lists the newest of all kinds, by when they were scored", () => {
  const all = [...held("work", 3, 3), ...chance(0.5, 1, 2)].map((one, i) => ({ ...one, scored_at: i % 2 }));
  const newest = newestOf(calibrate(all), 3);
  expect(newest.map(({ scored_at }) => Date.parse(scored_at ?? ""))).toEqual([1, 1, 0]);
  expect(new Set(newest.map(({ id }) => id)).size).toBe(3);
});

describe("amounts", () => {
  const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: Date.UTC(2026, 10, 23) });
  it("carry the unit of their kind; a moment is no span", () => {
    expect(amountText("work", 554_000, format)).toBe("9 min 14 s");
    expect(amountText("feature_finish", Date.UTC(2026, 10, 23, 4), format)).toBe("23 Nov, 04:00");
    expect(amountText("tokens", null, format)).toBe("unknown");
  });
  it("of a kind that nobody knows are plain figures under its own name", () => {
    expect(kindWords("constructor")).toEqual({ name: "constructor", unit: "count" });
    expect(kindWords("changes").name).toBe("A reviewer asks for changes");
    expect(kindWords("review_rounds").name).toBe("review rounds");
  });
});
