import type { StoredEvent } from "../event/event.ts";
import type { Agent, Feature, ProjectState, Task } from "./state.ts";

/** Whom and what a known event is about, looked up once and handed to its projection. */
export interface Subject {
  /** Event time, ms. */
  time_ms: number;
  /** Null for Clusterfork's own agents, which are no part of the team. */
  agent: Agent | null;
  /** False for a straggler: the agent has said something newer, so this does not tell how it is now. */
  agent_is_current: boolean;
  task: Task | null;
  feature: Feature | null;
}

/** What one event type means. Total: it finds odd input and leaves it (S3). */
export type Fold = (state: ProjectState, event: StoredEvent, subject: Subject) => void;
