/** Which metrics stand where on the page. */
import { METRICS } from "../../../schema/metric/definition.ts";
import type { Metric, MetricCategory } from "../../../schema/metric/metric.ts";

/** Told beside the others of their row, without a chart: another reading of one of them, or a part of it. */
const ASIDE: ReadonlySet<string> = new Set(["features_per_wall_hour", "cost", "priced_cost"]);

export interface Shelf {
  category: MetricCategory;
  name: string;
  metrics: Metric[];
  aside: Metric[];
}

const NAMES: readonly [MetricCategory, string][] = [
  ["velocity", "Velocity"],
  ["quality", "Quality"],
  ["cost", "Cost"],
  ["reliability", "Reliability"],
  ["agent", "Agents"],
];

export const SHELVES: readonly Shelf[] = NAMES.map(([category, name]) => {
  const all = METRICS.filter((metric) => metric.category === category);
  return {
    category,
    name,
    metrics: all.filter(({ id }) => !ASIDE.has(id)),
    aside: all.filter(({ id }) => ASIDE.has(id)),
  };
});
