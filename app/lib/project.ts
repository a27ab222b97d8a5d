/**
 * The project on screen, for every view below `routes/[team]/[project]`. Its
 * layout sets it once per project; `team` and `project` are getters, so that a
 * rename shows at once.
 */
import { createContext } from "svelte";
import type { Api } from "#lib/api/api.ts";
import type { Feed } from "#lib/feed/feed.ts";
import type { Project, Team } from "#lib/session/session.svelte.ts";

export interface ProjectContext {
  readonly team: Team;
  readonly project: Project;
  readonly feed: Feed;
  readonly api: Api;
}

export const [getProject, setProject] = createContext<ProjectContext>();
