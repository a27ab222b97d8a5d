/** One metric as it is drawn: its row of the answer in words, points, limits and outliers. Pure. */
import type { Row, Status } from "../../../schema/metric/measure.ts";
import type { Metric } from "../../../schema/metric/metric.ts";
import { originWords } from "../../../schema/metric/reference.ts";
import {
  controlLimits,
  outsideLimits,
  type ControlLimits,
} from "../../../schema/metric/statistic/control.ts";
import type { Domain, DomainRules } from "#lib/chart/domain.ts";
import type { Point, Reading } from "#lib/chart/series.ts";
import { chartLabel } from "#lib/chart/words.ts";
import type { Format } from "#lib/format/format.ts";
import { changeOf, type Change } from "./change.ts";
import { whereToSet, whyNoTarget, whyUnknown } from "./why.ts";

/** A row with its window step by step, where points were asked for. */
export type DrawnRow = Row & {
  series?: { from: number; step_ms: number; values: readonly (number | null)[]; n: readonly number[] };
};

export interface Card {
  metric: Metric;
  /** With its unit; `unknown`. */
  value: string;
  known: boolean;
  n: number;
  excluded: number;
  status: Status;
  /** `≤ 15 min`; null: none, and `untargeted` says why. */
  target: string | null;
  /** `learned from 43 tasks`; null where the definition says it. */
  target_origin: string | null;
  target_value: number | null;
  untargeted: string | null;
  /** Where a target is to be set; null: there is one, or none to be set. */
  set_at: string | null;
  /** Why the value is unknown; null: it is not. */
  why: string | null;
  change: Change | null;
  points: Point[];
  limits: ControlLimits | null;
  /** Indexes of points outside of the limits. */
  outside: number[];
  x_domain: Domain;
  step_ms: number;
  rules: DomainRules;
  label: string;
  reading: Reading;
  /** A value on its axis. */
  axis_text: (value: number) => string;
  text: (value: number) => string;
}

/** Of the unit `ratio`, but no share of a whole: never in percent. */
const PLAIN: ReadonlySet<string> = new Set(["error_to_fix_ratio"]);

export interface CardContext {
  format: Format;
  /** `last 24 hours`. */
  over: string;
  seen: ReadonlyMap<string, number> | null;
  /** The moment that is on screen. */
  now_ms: number;
  /** Of the first event of the log; null: not known. */
  began_ms: number | null;
}

type Series = NonNullable<DrawnRow["series"]>;

/** A log of an hour is not stretched over a chart of its own. */
const LEAST_STEPS = 12;

/** Before the log began there is nothing that a chart could leave a gap for: the steps from its first event on. */
function sinceBegun(series: Series | undefined, began_ms: number | null): Series {
  if (series === undefined) return { from: 0, step_ms: 0, values: [], n: [] };
  const { from, step_ms, values, n } = series;
  if (began_ms === null || step_ms <= 0) return series;
  const before = Math.min(Math.floor((began_ms - from) / step_ms), values.length - LEAST_STEPS);
  if (before <= 0) return series;
  return { from: from + before * step_ms, step_ms, values: values.slice(before), n: n.slice(before) };
}

/** `row` undefined: the answer has none for this metric. */
export function cardOf(
  metric: Metric,
  row: DrawnRow | undefined,
  { format, over, seen, now_ms, began_ms }: CardContext,
): Card {
  const plain = PLAIN.has(metric.id);
  const text = (value: number | null) => format.figure(metric.unit, value, plain);
  const { value = null, n = 0, excluded = 0, target = null, status = "unknown", previous = null } = row ?? {};
  const rules: DomainRules = metric.unit === "ratio" && !plain ? { floor: 0, ceiling: 1 } : { floor: 0 };

  const { from, step_ms, values, n: counts } = sinceBegun(row?.series, began_ms);
  // A step's value is that of all of it: it stands where the step begins, as its label says.
  const points = values.map((y, i) => ({ x: from + i * step_ms, y }));
  // A step that is not over yet has had less time than the others: it is drawn, and neither counted nor judged.
  const whole = values.filter((_, i) => from + (i + 1) * step_ms <= now_ms);
  const limits = controlLimits(whole, rules);
  const outside = outsideLimits(whole, limits);
  const known = values.filter((each) => each !== null);
  const target_text = target === null ? null : format.target(metric.unit, target, plain);
  return {
    metric,
    value: text(value),
    known: value !== null,
    n,
    excluded,
    status,
    target: target_text,
    target_origin: target === null ? null : originWords(target),
    target_value: target?.value ?? null,
    untargeted: whyNoTarget(metric, row),
    set_at: whereToSet(metric, row),
    why: value === null ? whyUnknown(metric, row, seen) : null,
    change: changeOf({ unit: metric.unit, direction: metric.direction, value, previous, plain }, format),
    points,
    limits,
    outside,
    x_domain: [from, from + Math.max(1, values.length - 1) * Math.max(1, step_ms)],
    step_ms,
    rules,
    label: chartLabel({
      name: metric.label,
      over,
      value: value === null ? null : text(value),
      target: target_text,
      status,
      range: known.length === 0 ? null : [text(Math.min(...known)), text(Math.max(...known))],
      limits: limits === null ? null : [text(limits.lower), text(limits.upper)],
      outliers: limits === null ? null : outside.length,
      ...(values.length === 0 ? {} : { gaps: [values.length - known.length, values.length] }),
    }),
    reading: {
      xs: points.map(({ x }) => x),
      columns: [
        { name: "From", cells: points.map(({ x }) => format.moment(x)) },
        { name: metric.label, cells: points.map(({ y }) => text(y)) },
        { name: "n", cells: counts.map((count) => format.count(count)) },
      ],
    },
    axis_text: (each) => format.brief(metric.unit, each, plain),
    text,
  };
}
