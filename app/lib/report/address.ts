/** Where a feature's report is: a page of its own for members, a page of the link for visitors who may see how it goes. */
import type { ProjectContext } from "../project.ts";
import { projectPath } from "../session/place.ts";

type Where = Pick<ProjectContext, "shared"> & {
  team: Pick<ProjectContext["team"], "slug">;
  project: Pick<ProjectContext["project"], "slug">;
};

/** Undefined: this link shows none. */
export function reportHref({ team, project, shared }: Where, id: string): string | undefined {
  const feature = encodeURIComponent(id);
  if (shared === undefined)
    return `${projectPath({ team: team.slug, project: project.slug }, "features")}/${feature}`;
  return shared.views.includes("metrics") ? `${shared.path}?page=report&feature=${feature}` : undefined;
}
