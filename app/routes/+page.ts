/** Signed in: to the project last looked at, else the first. Otherwise the start page. */
import { redirect } from "@sveltejs/kit";
import { lastProject, projectPath } from "#lib/session/place.ts";
import { requireSignedIn } from "#lib/session/guard.ts";
import type { PageLoad } from "./$types";

export const load: PageLoad = async ({ parent }) => {
  const { session } = await parent();
  if (session.state.kind === "signed_out") return {};
  requireSignedIn(session, "/");
  const last = lastProject();
  if (last !== undefined && session.find(last.team, last.project) !== undefined)
    redirect(307, projectPath(last));
  for (const team of session.teams) {
    const project = team.projects[0];
    if (project !== undefined) redirect(307, projectPath({ team: team.slug, project: project.slug }));
  }
  return {};
};
