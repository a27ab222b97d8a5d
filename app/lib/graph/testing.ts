/** A project state from events, for the tests of this folder. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { makeEvent } from "../feed/testing.ts";

export function stateOf(...events: Partial<StoredEvent>[]): ProjectState {
  const state = createState();
  events.forEach((event, index) => apply(state, makeEvent(index + 1, event)));
  return state;
}

/** A task of feature `f`, pending, waiting for `dependencies`. */
export function created(
  task_id: string,
  dependencies: string[] = [],
  feature_id = "f",
): Partial<StoredEvent> {
  return {
    event_type: "task_created",
    task_id,
    feature_id,
    metadata: { title: `Title of ${task_id}`, dependencies },
  };
}

export function happened(
  event_type: string,
  task_id: string,
  agent_id = "nux",
  metadata: StoredEvent["metadata"] = {},
): Partial<StoredEvent> {
  return { event_type, task_id, agent_id, metadata };
}
