/** Which tasks a view is about. */
import { allTasks } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";

export type Scope =
  | { kind: "feature"; id: string }
  /** Tasks that belong to no feature. */
  | { kind: "loose" }
  | { kind: "all" };

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

export function isSameScope(a: Scope | null, b: Scope | null): boolean {
  if (a?.kind === "feature" && b?.kind === "feature") return a.id === b.id;
  return a?.kind === b?.kind;
}
