/** Where claims lead: for a member to the project's views, for a visitor to what his link shows. */
import type { ProjectContext } from "../project.ts";
import { reportHref } from "../report/address.ts";
import { waysOf } from "../share/way.ts";
import { findMetric } from "../../../schema/metric/definition.ts";
import type { Alert } from "../../../schema/state/entity/alert.ts";

export interface Places {
  feature: (id: string) => string;
  /** Of one that is over: its report, where there is one to see. */
  ended: (id: string) => string;
  /** All of them. */
  features: string;
  task: (id: string, feature_id: string | null) => string;
  /** Null: not shown. */
  budgets: string | null;
  /** Undefined: nothing to go to. */
  alert: (
    alert: Pick<Alert, "rule" | "metric" | "task_id" | "feature_id" | "agent_id">,
  ) => { href: string; words: string } | undefined;
}

export function placesOf(context: ProjectContext): Places {
  const { feature, task, view } = waysOf(context);
  return {
    feature,
    ended: (id) => reportHref(context, id) ?? feature(id),
    features: view("features") ?? context.shared?.path ?? "",
    task,
    budgets: view("budgets"),
    alert({ rule, metric, task_id, feature_id, agent_id }) {
      if (rule.startsWith("budget")) return { href: "#budget", words: "See the budget" };
      if (task_id !== null) return { href: task(task_id, feature_id), words: "Open the task" };
      if (feature_id !== null) return { href: feature(feature_id), words: "Open the feature" };
      if (agent_id !== null) {
        const href = view("agents", `agent=${encodeURIComponent(agent_id)}`);
        return href === null ? undefined : { href, words: "Open the agent" };
      }
      const measured = findMetric(metric ?? "");
      const href = measured === undefined ? null : view("metrics", `metric=${measured.id}&window=7d`);
      return href === null ? undefined : { href, words: "See the metric" };
    },
  };
}
