/** What a view may know of the stream. Made by `openFeed` of `feed.svelte.ts`. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Connection } from "./connection.ts";

export interface Feed {
  /** Changed in place; `version` says when. Read `version` first, so that a view is told. */
  readonly state: ProjectState;
  /** Grows by one per drawing opportunity in which anything changed. */
  readonly version: number;
  /** The newest KEPT_EVENTS events, the oldest first. Replaced, never changed in place. */
  readonly events: StoredEvent[];
  readonly connection: Connection;
  close(): void;
}

export interface FeedOptions {
  /** Same-origin path of the stream, `/api/projects/<id>/stream`. */
  url: string;
  /** A share token or read key, where there is no session cookie. */
  token?: string;
  /** Asks for what the stream begins with; the browser's own where none is given. */
  fetch?: typeof fetch;
}

export type OpenFeed = (options: FeedOptions) => Feed;
