/**
 * What the assignee of a task is: its role and its model. Kept with the task, because agents change both, and
 * are forgotten, while who did the work must still be told by role and model.
 */
import type { Agent } from "./entity/agent.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

/** After an event about the task: `was` is the assignee before it. */
export function noteWorker(state: ProjectState, task: Task, was: string | null, sender: Agent | null): void {
  const { assignee } = task;
  if (assignee === null) return;
  if (assignee !== was) {
    const worker = state.agents.get(assignee);
    task.role = worker?.role ?? null;
    task.model = worker?.model ?? null;
  } else if (sender !== null && sender.id === assignee) {
    task.role = sender.role ?? task.role;
    task.model = sender.model ?? task.model;
  }
}
