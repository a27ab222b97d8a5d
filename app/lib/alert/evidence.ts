/** What an alert rests on, as links: what it is about, and the events around it. */
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Alert } from "../../../schema/state/state.ts";
import { projectPath, type Slugs } from "../session/place.ts";
import type { Part } from "../headline/headline.ts";

type About = Pick<Alert, "rule" | "metric" | "agent_id" | "task_id" | "feature_id">;

/** The most direct first. Names of events stand in an address only encoded. */
export function evidenceOf(
  { rule, metric, agent_id, task_id, feature_id }: About,
  slugs: Slugs,
): Required<Part>[] {
  const links: Required<Part>[] = [];
  const flow = projectPath(slugs, "flow");
  if (rule.startsWith("budget")) links.push({ text: "budgets", href: projectPath(slugs, "budgets") });
  if (task_id !== null) {
    const from = feature_id === null ? `${flow}?view=loose&` : `${flow}/${encodeURIComponent(feature_id)}?`;
    links.push({ text: "task", href: `${from}task=${encodeURIComponent(task_id)}` });
  } else if (feature_id !== null)
    links.push({ text: "feature", href: `${flow}/${encodeURIComponent(feature_id)}` });
  if (agent_id !== null)
    links.push({
      text: "agent",
      href: `${projectPath(slugs, "agents")}?agent=${encodeURIComponent(agent_id)}`,
    });
  const known = metric === null ? undefined : findMetric(metric);
  if (known !== undefined)
    links.push({
      text: "metric",
      href: `${projectPath(slugs, "metrics")}?metric=${encodeURIComponent(known.id)}`,
    });
  const events = eventsOf({ agent_id, task_id, feature_id });
  if (events !== null) links.push({ text: "events", href: `${projectPath(slugs, "events")}?${events}` });
  return links;
}

/** By what narrows most. */
function eventsOf({ agent_id, task_id, feature_id }: Omit<About, "rule" | "metric">): string | null {
  if (task_id !== null) return `task=${encodeURIComponent(task_id)}`;
  if (agent_id !== null) return `agent=${encodeURIComponent(agent_id)}`;
  return feature_id === null ? null : `feature=${encodeURIComponent(feature_id)}`;
}
