/** Lookups over the hot state: an entry is among the open ones or among the closed ones. */
import type { Feature } from "./entity/feature.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

/** Open tasks first, in the order they were met, then the closed ones in the order of closing. */
export function* allTasks(state: ProjectState): Generator<Task> {
  yield* state.open_tasks.values();
  yield* state.closed_tasks.values();
}

export function* allFeatures(state: ProjectState): Generator<Feature> {
  yield* state.open_features.values();
  yield* state.closed_features.values();
}

export function findTask(state: ProjectState, id: string): Task | undefined {
  return state.open_tasks.get(id) ?? state.closed_tasks.get(id);
}

export function findFeature(state: ProjectState, id: string): Feature | undefined {
  return state.open_features.get(id) ?? state.closed_features.get(id);
}
