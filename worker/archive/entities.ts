/** The tasks, features and agents that a step of the drain works on, and the fold that moves them forward. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { decodeState, encodeState } from "../../schema/state/encode.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Observer, ProjectState } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";

export interface Entities {
  tasks: Map<string, Task>;
  features: Map<string, Feature>;
  agents: Map<string, Agent>;
}

export interface EntityIds {
  tasks: Set<string>;
  features: Set<string>;
  agents: Set<string>;
}

/** Where a fold is in the log. */
export interface Clock {
  seq: number;
  /** Running maximum of event time, ms. */
  time: number;
}

/** Fields of the metadata by which an event reaches agents other than its own. */
const AGENT_FIELDS = ["assignee", "from_agent", "to_agent", "agent"] as const;

/** What the events name. The feature and the assignee of each task belong to it too, see `relatedIds`. */
export function mentionedIds(events: readonly StoredEvent[]): EntityIds {
  const ids: EntityIds = { tasks: new Set(), features: new Set(), agents: new Set() };
  for (const event of events) {
    ids.agents.add(event.agent_id);
    if (event.task_id !== undefined) ids.tasks.add(event.task_id);
    if (event.feature_id !== undefined) ids.features.add(event.feature_id);
    const caused_by = event.event_type === "bug_reported" ? event.metadata?.["caused_by"] : undefined;
    if (typeof caused_by === "string") {
      // It may be either; of a task, its feature is looked up as of any other.
      ids.tasks.add(caused_by);
      ids.features.add(caused_by);
    }
    for (const field of AGENT_FIELDS) {
      const name = event.metadata?.[field];
      if (typeof name === "string") ids.agents.add(name);
    }
  }
  return ids;
}

/** What these tasks point at: closing a task counts for its assignee, starting it starts its feature. */
export function relatedIds(tasks: Iterable<Task>): Pick<EntityIds, "features" | "agents"> {
  const features = new Set<string>();
  const agents = new Set<string>();
  for (const { feature_id, assignee } of tasks) {
    if (feature_id !== null) features.add(feature_id);
    if (assignee !== null) agents.add(assignee);
  }
  return { features, agents };
}

/**
 * Folds a run of at most FOLD_CHUNK_EVENTS with the one reducer, over a state
 * that holds only what the run can touch. `entities` must hold all that exists
 * of it, and holds the outcome afterwards.
 */
export function foldForward(
  entities: Entities,
  events: readonly StoredEvent[],
  clock: Clock,
  observer?: Observer,
): Clock {
  const state = stateOf(entities, mentionedIds(events), clock);
  if (observer !== undefined) state.observer = observer;
  for (const event of events) apply(state, event);
  for (const map of [state.open_tasks, state.closed_tasks]) {
    for (const [id, task] of map) entities.tasks.set(id, task);
  }
  for (const map of [state.open_features, state.closed_features]) {
    for (const [id, feature] of map) entities.features.set(id, feature);
  }
  for (const [id, agent] of state.agents) entities.agents.set(id, agent);
  return { seq: state.seq, time: state.time };
}

function stateOf(entities: Entities, ids: EntityIds, clock: Clock): ProjectState {
  const tasks = found(entities.tasks, ids.tasks);
  const related = relatedIds(tasks);
  const features = found(entities.features, ids.features.union(related.features));
  const agents = found(entities.agents, ids.agents.union(related.agents));
  return decodeState({
    ...encodeState(createState()),
    ...clock,
    open_tasks: tasks.filter((task) => task.closed_at === null),
    closed_tasks: tasks.filter((task) => task.closed_at !== null),
    open_features: features.filter((feature) => feature.closed_at === null),
    closed_features: features.filter((feature) => feature.closed_at !== null),
    agents,
  });
}

function found<V>(known: ReadonlyMap<string, V>, ids: ReadonlySet<string>): V[] {
  const values: V[] = [];
  for (const id of ids) {
    const value = known.get(id);
    if (value !== undefined) values.push(value);
  }
  return values;
}
