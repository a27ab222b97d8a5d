/** Where views, features and tasks are: for a member in the project, for a visitor in what his link shows. */
import type { ProjectContext } from "../project.ts";
import { projectPath, type ViewName } from "../session/place.ts";
import { pageHref, pagesOf } from "./pages.ts";

export interface Ways {
  /** Null: the link does not show it. `query` without its question mark. */
  view: (name: ViewName, query?: string) => string | null;
  feature: (id: string) => string;
  /** `among`: where a task that names no feature is looked for; an event may leave out the feature of its task. */
  task: (id: string, feature_id: string | null, among?: "loose" | "all") => string;
}

type Context = Pick<ProjectContext, "shared"> & {
  team: Pick<ProjectContext["team"], "slug">;
  project: Pick<ProjectContext["project"], "slug">;
};

export function waysOf({ team, project, shared }: Context): Ways {
  const slugs = { team: team.slug, project: project.slug };
  const named = (id: string) => encodeURIComponent(id);
  const join = (href: string, query: string) =>
    query === "" ? href : `${href}${href.includes("?") ? "&" : "?"}${query}`;
  const flow = shared?.path ?? projectPath(slugs, "flow");
  const feature = (id: string) =>
    shared === undefined ? `${flow}/${named(id)}` : `${flow}?feature=${named(id)}`;
  return {
    view(name, query = "") {
      if (shared === undefined) return join(projectPath(slugs, name), query);
      const shown = pagesOf(shared.views, shared.redactions).some(({ id }) => id === name);
      return shown ? join(pageHref(shared.path, name), query) : null;
    },
    feature,
    task: (id, feature_id, among = "loose") =>
      join(feature_id === null ? `${flow}?view=${among}` : feature(feature_id), `task=${named(id)}`),
  };
}
