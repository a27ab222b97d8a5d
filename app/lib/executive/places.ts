/** Where claims lead: for a member to the project's views, for a visitor to what his link shows. */
import type { ProjectContext } from "../project.ts";
import { projectPath, type ViewName } from "../session/place.ts";
import type { Alert } from "../../../schema/state/state.ts";

export interface Places {
  feature: (id: string) => string;
  task: (id: string, feature_id: string | null) => string;
  /** Undefined: nothing to go to. */
  alert: (
    alert: Pick<Alert, "rule" | "task_id" | "feature_id" | "agent_id">,
  ) => { href: string; words: string } | undefined;
}

export function placesOf({ team, project, shared }: ProjectContext, views: readonly ViewName[]): Places {
  const slugs = { team: team.slug, project: project.slug };
  const flow = shared?.path ?? projectPath(slugs, "flow");
  const feature = (id: string) =>
    shared === undefined ? `${flow}/${encodeURIComponent(id)}` : `${flow}?feature=${encodeURIComponent(id)}`;
  const task = (id: string, of: string | null) => {
    const from = of === null ? `${flow}?view=loose` : feature(of);
    return `${from}${from.includes("?") ? "&" : "?"}task=${encodeURIComponent(id)}`;
  };
  return {
    feature,
    task,
    alert({ rule, task_id, feature_id, agent_id }) {
      if (rule.startsWith("budget")) return { href: "#budget", words: "See the budget" };
      if (task_id !== null) return { href: task(task_id, feature_id), words: "Open the task" };
      if (feature_id !== null) return { href: feature(feature_id), words: "Open the feature" };
      if (agent_id === null || shared !== undefined) return undefined;
      const at = views.includes("agents") ? "agents" : "events";
      return {
        href: `${projectPath(slugs, at)}?agent=${encodeURIComponent(agent_id)}`,
        words: at === "agents" ? "Open the agent" : "Open its events",
      };
    },
  };
}
