/** What was foretold against what came: how often the truth lay in the interval, and to which side it leans. */
import { median } from "../../../schema/metric/statistic/median.ts";
import type { Foretold } from "../../../schema/state/entity/forecast.ts";
import type { Calibration } from "../../../schema/wire/forecast.ts";
import { FORETOLD } from "./learn.ts";

export function calibrationOf(scored: Iterable<Foretold>): Calibration[] {
  const all = [...scored].filter(({ actual }) => actual !== null);
  return FORETOLD.map((metric) =>
    of(
      metric,
      all.filter((one) => one.metric === metric),
    ),
  );
}

function of(metric: string, scored: readonly Foretold[]): Calibration {
  const bounded = scored.flatMap(({ actual, low, high, coverage }) =>
    actual === null || low === null || high === null ? [] : [{ actual, low, high, coverage }],
  );
  const inside = bounded.filter(({ actual, low, high }) => actual >= low && actual <= high).length;
  // What was asked may have changed with a version: then the mean of what each of them asked.
  const asked = bounded.flatMap(({ coverage }) =>
    coverage !== null && coverage >= 0 && coverage <= 1 ? [coverage] : [],
  );
  const ratios = scored.flatMap(({ actual, predicted }) =>
    actual !== null && predicted !== null && actual > 0 && predicted > 0
      ? [Math.log(actual / predicted)]
      : [],
  );
  return {
    metric,
    scored: scored.length,
    with_interval: bounded.length,
    inside,
    coverage_asked: asked.length === 0 ? null : asked.reduce((sum, one) => sum + one, 0) / asked.length,
    coverage_seen: bounded.length === 0 ? null : inside / bounded.length,
    bias: median(ratios.sort((a, b) => a - b)),
  };
}
