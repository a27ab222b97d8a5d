import { describe, expect, it } from "vitest";
import type { Foretold } from "../state/entity/forecast.ts";
import { calibrationResponse } from "./forecast-body.ts";
import type { CalibrationKind, ForetoldKind } from "./forecast.ts";
import { calibrationByKind } from "./calibration-kind.ts";

function scored(
  metric: string,
  predicted: number | null,
  actual: number | null,
  more: Partial<Foretold> = {},
) {
  const none = { method: null, task_id: "t", feature_id: null, low: null, high: null, coverage: null };
  return {
    id: "i",
    metric,
    predicted,
    actual,
    ...none,
    ...{ samples: 9, made_at: 1, scored_at: 2, seq: 3 },
    ...more,
  };
}
function of(kind: ForetoldKind, all: Foretold[]): CalibrationKind {
  const { kinds } = calibrationResponse.strict().parse({ seq: 1, kinds: calibrationByKind(all) });
  const found = kinds.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

describe("the calibration of", () => {
  it("intervals is the share that they held, with the doubt of its sample, and bins of as many each", () => {
    const all = Array.from({ length: 20 }, (_, i) =>
      scored("work", 100 + i, i < 18 ? 100 : 300, { low: 50, high: 200, coverage: 0.9 }),
    );
    const found = of("work", all);
    expect(found).toMatchObject({ unit: "ms", n: 20, asked: 0.9, covered: 0.9, brier: null });
    // Wilson's interval of 18 in 20.
    expect(found.interval?.low).toBeCloseTo(0.699, 3);
    expect(found.interval?.high).toBeCloseTo(0.972, 3);
    expect(found.bins).toEqual([
      { predicted: 102, actual: 100, n: 5 },
      { predicted: 107, actual: 100, n: 5 },
      { predicted: 112, actual: 100, n: 5 },
      { predicted: 117, actual: 100, n: 5 },
    ]);
    expect(found.recent).toHaveLength(20);
    expect(found.recent[0]).toMatchObject({
      predicted: 119,
      actual: 300,
      scored_at: "1970-01-01T00:00:00.002Z",
    });
  });
  it("finishes is the share that came by their P80: earlier is no miss", () => {
    const finish = (actual: number) => scored("finish", 10, actual, { high: 20, coverage: 0.8 });
    expect(of("finish", [1, 5, 19, 20, 21].map(finish))).toMatchObject({ n: 5, asked: 0.8, covered: 0.8 });
  });
  it("probabilities is Brier's score beside that of the rate, and the share that came by what was said", () => {
    const all = [
      ...[0, 0, 0, 1].map((came) => scored("changes", 0.25, came)),
      ...[1, 1].map((came) => scored("changes", 1, came)),
    ];
    const found = of("changes", all);
    expect(found).toMatchObject({ unit: "probability", n: 6, asked: null, covered: null, brier: 0.125 });
    expect(found.brier_base).toBeCloseTo(0.25, 12);
    expect(found.bins).toEqual([
      { predicted: 0.25, actual: 0.25, n: 4 },
      { predicted: 1, actual: 1, n: 2 },
    ]);
  });
  it("what is unknown is unknown: nothing scored, no truth, no interval, impossible probabilities", () => {
    for (const kind of ["work", "tokens", "cost", "finish", "changes", "breach"] as const)
      expect(of(kind, [])).toMatchObject({ n: 0, covered: null, interval: null, brier: null, bins: [] });
    const odd = [
      scored("work", null, 5),
      scored("work", 5, null),
      scored("work", 0, 5),
      scored("breach", 7, 1),
    ];
    expect(of("work", odd)).toMatchObject({ n: 0, covered: null, bias: null, bins: [] });
    expect(of("breach", odd)).toMatchObject({ n: 0, brier: null, bins: [] });
  });
});
