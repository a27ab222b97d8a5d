/** What the buffer needs of schema/state, handed in: the room's own reducer, or a test's. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState, WireState } from "../../../schema/state/state.ts";

export interface Fold {
  empty(): ProjectState;
  /** Changes `state` in place and sets `state.seq`. */
  apply(state: ProjectState, event: StoredEvent): void;
  decode(wire: WireState): ProjectState;
}
