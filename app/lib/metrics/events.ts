/** The question on the log that shows what a metric was made from. */
import type { Grouping } from "../../../schema/metric/measure.ts";
import { writeFilter } from "../../../schema/wire/query-write.ts";
import type { MetricsPlace } from "./address.ts";

export interface Span {
  from_ms: number;
  to_ms: number;
}

/** What a metric is grouped by, as a field of its events. Kind and complexity are of the task, which events do not repeat. */
const FIELD: Partial<Record<Grouping, string>> = {
  feature: "feature_id",
  role: "agent_role",
  agent: "agent_id",
  model: "metadata.model",
};

export function eventsQuery(
  type: string,
  { window, filter }: Pick<MetricsPlace, "window" | "filter">,
  span?: Span,
): string {
  const query = new URLSearchParams();
  if (span !== undefined) {
    query.set("from", new Date(span.from_ms).toISOString());
    // A step ends before the next begins, and a question's bounds are both within it.
    query.set("to", new Date(span.to_ms - 1).toISOString());
  } else if (window !== "all") query.set("from", window);
  query.append("where", writeFilter({ field: "event_type", op: "eq", values: [type] }));
  for (const [name, value] of Object.entries(filter) as [Grouping, string][]) {
    const field = FIELD[name];
    if (field !== undefined) query.append("where", writeFilter({ field, op: "eq", values: [value] }));
  }
  query.set("group_by", "agent_id");
  return `?${query.toString()}`;
}
