/**
 * What a shared view shows of metrics (T2). Where costs are hidden, metrics of tokens and money are not there at
 * all: a row without its value would still tell what is measured, and of how many. Groups of agents are names; the
 * other groupings are structure.
 */
import type { Alias, ViewPolicy } from "../event/view.ts";
import { findMetric } from "./definition.ts";
import type { Grouping, Row } from "./measure.ts";

export function redactRows<R extends Pick<Row, "metric" | "group">>(
  rows: readonly R[],
  by: Grouping | undefined,
  policy: ViewPolicy,
  alias: Alias,
): R[] {
  const shown = policy.cost ? rows.filter(({ metric }) => !isCost(metric)) : [...rows];
  if (by !== "agent" || !policy.name) return shown;
  return shown.map((row) => (row.group === null ? row : { ...row, group: alias(row.group) }));
}

/** What the table does not know is taken for what it may be. */
const isCost = (id: string): boolean => {
  const metric = findMetric(id);
  return metric === undefined || metric.is_cost === true;
};
