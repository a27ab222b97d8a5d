/** Which tasks a view is about, and the lookups over the hot state that every view needs. */
import type { Feature, ProjectState, Task } from "../../../schema/state/state.ts";

export type Scope =
  | { kind: "feature"; id: string }
  /** Tasks that belong to no feature. */
  | { kind: "loose" }
  | { kind: "all" };

export function findTask(state: ProjectState, id: string): Task | undefined {
  return state.open_tasks.get(id) ?? state.closed_tasks.get(id);
}

export function findFeature(state: ProjectState, id: string): Feature | undefined {
  return state.open_features.get(id) ?? state.closed_features.get(id);
}

export function* allTasks(state: ProjectState): Generator<Task> {
  yield* state.open_tasks.values();
  yield* state.closed_tasks.values();
}

export function* allFeatures(state: ProjectState): Generator<Feature> {
  yield* state.open_features.values();
  yield* state.closed_features.values();
}

/** Tasks in the order they were first heard of, so that nothing moves when one closes. */
export function tasksIn(state: ProjectState, scope: Scope): Task[] {
  const tasks: Task[] = [];
  for (const task of allTasks(state)) if (isInScope(task, scope)) tasks.push(task);
  return tasks.sort((a, b) => a.first_seq - b.first_seq);
}

function isInScope(task: Task, scope: Scope): boolean {
  switch (scope.kind) {
    case "feature":
      return task.feature_id === scope.id;
    case "loose":
      return task.feature_id === null;
    case "all":
      return true;
  }
}
