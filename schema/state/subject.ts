import type { StoredEvent } from "../event/event.ts";
import type { ProjectState, Seen } from "./state.ts";

/** Whom and what a known event is about, looked up once and handed to its projection. */
export interface Subject extends Seen {
  /** False for a straggler: the agent has said something newer, so this does not tell how it is now. */
  agent_is_current: boolean;
}

/** What one event type means. Total: it finds odd input and leaves it (S3). */
export type Fold = (state: ProjectState, event: StoredEvent, subject: Subject) => void;
