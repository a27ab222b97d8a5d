import { requireProject } from "#lib/session/guard.ts";
import type { LayoutLoad } from "./$types";

export const load: LayoutLoad = async ({ parent, params, url, depends }) => {
  depends("app:session");
  const { session } = await parent();
  const { team, project } = requireProject(session, params, url.pathname + url.search);
  return { team_id: team.id, project_id: project.id };
};
