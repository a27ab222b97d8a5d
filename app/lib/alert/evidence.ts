/** What an alert rests on, as links: what it is about, and the events around it. */
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Alert } from "../../../schema/state/entity/alert.ts";
import type { Ways } from "../share/way.ts";
import type { Part } from "../headline/headline.ts";

type About = Pick<Alert, "rule" | "metric" | "agent_id" | "task_id" | "feature_id">;

/** The most direct first. Names of events stand in an address only encoded. */
export function evidenceOf(
  { rule, metric, agent_id, task_id, feature_id }: About,
  { view, feature, task }: Ways,
): Required<Part>[] {
  const known = metric === null ? undefined : findMetric(metric);
  const events = eventsOf({ agent_id, task_id, feature_id });
  const links: [text: string, href: string | null][] = [
    ["budgets", rule.startsWith("budget") ? view("budgets") : null],
    task_id !== null
      ? ["task", task(task_id, feature_id)]
      : ["feature", feature_id === null ? null : feature(feature_id)],
    ["agent", agent_id === null ? null : view("agents", `agent=${encodeURIComponent(agent_id)}`)],
    ["metric", known === undefined ? null : view("metrics", `metric=${encodeURIComponent(known.id)}`)],
    ["events", events === null ? null : view("events", events)],
  ];
  return links.flatMap(([text, href]) => (href === null ? [] : [{ text, href }]));
}

/** By what narrows most. */
function eventsOf({ agent_id, task_id, feature_id }: Omit<About, "rule" | "metric">): string | null {
  if (task_id !== null) return `task=${encodeURIComponent(task_id)}`;
  if (agent_id !== null) return `agent=${encodeURIComponent(agent_id)}`;
  return feature_id === null ? null : `feature=${encodeURIComponent(feature_id)}`;
}
