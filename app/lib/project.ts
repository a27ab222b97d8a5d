/**
 * The project on screen, for every view below `routes/[team]/[project]`. Its
 * layout sets it once per project; `team` and `project` are getters, so that a
 * rename shows at once.
 */
import { createContext } from "svelte";
import type { Api } from "#lib/api/api.ts";
import type { Feed } from "#lib/feed/feed.ts";
import type { Project, Team } from "#lib/session/session.svelte.ts";
import type { Travel } from "#lib/time/travel.svelte.ts";

export interface ProjectContext {
  readonly team: Team;
  readonly project: Project;
  /** What the clock shows: the present, or a moment of the past. */
  readonly feed: Feed;
  readonly time: Travel;
  readonly api: Api;
}

export const [getProject, setProject] = createContext<ProjectContext>();
