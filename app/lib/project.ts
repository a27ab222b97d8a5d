/**
 * The project on screen, for every view below `routes/[team]/[project]`. Its
 * layout sets it once per project; `team` and `project` are getters, so that a
 * rename shows at once.
 */
import { createContext } from "svelte";
import type { ShareView } from "../../schema/state/share-view.ts";
import type { Redaction } from "../../schema/wire/share.ts";
import type { Api } from "#lib/api/api.ts";
import type { Read } from "#lib/api/read.ts";
import type { Feed } from "#lib/feed/feed.ts";
import type { Project, Team } from "#lib/session/session.svelte.ts";
import type { Travel } from "#lib/time/travel.svelte.ts";

/** What a visitor came by, where somebody looks at the project through a share link. */
export interface SharedLink {
  /** Address of the page. */
  readonly path: string;
  readonly bearer: string;
  readonly views: readonly ShareView[];
  readonly redactions: readonly Redaction[];
}

export interface ProjectContext {
  readonly team: Team;
  readonly project: Project;
  /** What the clock shows: the present, or a moment of the past. */
  readonly feed: Feed;
  readonly time: Travel;
  readonly api: Api;
  /** The project's reading routes, by the session or by the link. */
  readonly read: Read;
  /** Absent for members. Nobody can act where it is there. */
  readonly shared?: SharedLink;
}

export const [getProject, setProject] = createContext<ProjectContext>();
