/** The nine columns of the table, in its order. */
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Metric } from "../../../schema/metric/metric.ts";

export interface Column {
  metric: Metric;
  head: string;
  /** What it is counted in or of. */
  sub: string;
  /** A ratio that is no share of a whole. */
  plain: boolean;
}

const HEADS: readonly [metric: string, head: string, sub: string][] = [
  ["throughput", "Throughput", "tasks an hour"],
  ["reviewer_pass_rate", "Pass rate", "reviewer"],
  ["test_coverage", "Coverage", "latest"],
  ["error_to_fix_ratio", "Error to fix", "per fix"],
  ["tokens_per_task", "Tokens", "per task"],
  ["resubmissions", "Resubmits", "per task"],
  ["agent_uptime", "Uptime", "while at work"],
  ["escalation_rate", "Escalation", "of tasks"],
  ["retry_budget_used", "Retries", "per task"],
];
const PLAIN: ReadonlySet<string> = new Set(["error_to_fix_ratio"]);

export const COLUMNS: readonly Column[] = HEADS.flatMap(([id, head, sub]) => {
  const metric = findMetric(id);
  return metric === undefined ? [] : [{ metric, head, sub, plain: PLAIN.has(id) }];
});
