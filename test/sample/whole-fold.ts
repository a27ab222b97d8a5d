/** What a log means with nothing forgotten: one fold from zero, against which whatever kept the whole is held. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Observer, ProjectState } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";

/** Says that it is empty, so that no limit on the number of entries is ever reached. */
class Unbounded<V> extends Map<string, V> {
  override get size(): number {
    return 0;
  }
}
/** Below zero by more than any log holds: no limit on all lists together is ever reached. */
const NEVER_FULL = -1e12;

export interface Whole {
  tasks: Map<string, Task>;
  features: Map<string, Feature>;
  agents: Map<string, Agent>;
  state: ProjectState;
}

/** The one reducer, over a state whose limits are out of reach. */
export function foldWhole(events: Iterable<StoredEvent>, observer?: Observer): Whole {
  const state: ProjectState = {
    ...createState(),
    open_tasks: new Unbounded(),
    closed_tasks: new Unbounded(),
    open_features: new Unbounded(),
    closed_features: new Unbounded(),
    agents: new Unbounded(),
    totals: { dependencies: NEVER_FULL, files: NEVER_FULL },
    ...(observer === undefined ? {} : { observer }),
  };
  for (const event of events) apply(state, event, strict);
  return {
    tasks: new Map([...state.open_tasks, ...state.closed_tasks]),
    features: new Map([...state.open_features, ...state.closed_features]),
    agents: new Map(state.agents),
    state,
  };
}

/** As the archive stores them: JSON by id. */
export function textsOf(entities: ReadonlyMap<string, unknown>): Record<string, string> {
  return Object.fromEntries(Array.from(entities, ([id, entity]) => [id, JSON.stringify(entity)]));
}
