/** Every metric there is: the one table from which values, targets, documentation and screens come. */
import { AGENT } from "./definition/agent.ts";
import { COST } from "./definition/cost.ts";
import { QUALITY } from "./definition/quality.ts";
import { RELIABILITY } from "./definition/reliability.ts";
import { VELOCITY } from "./definition/velocity.ts";
import type { Metric } from "./metric.ts";

export const METRICS: readonly Metric[] = [...VELOCITY, ...QUALITY, ...COST, ...RELIABILITY, ...AGENT];

/** What an agent or a role is told by, beside the metrics of the category `agent`. */
export const AGENT_METRICS: readonly string[] = [
  ...AGENT.map(({ id }) => id),
  "test_coverage",
  "agent_uptime",
  "escalation_rate",
];

export function findMetric(id: string): Metric | undefined {
  return METRICS.find((metric) => metric.id === id);
}
