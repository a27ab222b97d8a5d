/**
 * How a task's status moves. Every change of status goes through `setStatus`,
 * which keeps the times, the attempts and the open and closed Maps in step.
 *
 *   pending ─▶ claimed ─▶ in_progress ◀─▶ review ─▶ done ─▶ merged
 *      └──────────┴───▶ blocked ◀┘ │                  failed
 *
 * Open statuses follow the log's order: the last word counts. A closed one
 * (done, failed, merged) is left only by an event that is not earlier than
 * `status_at`, so that a straggler reopens nothing; done → merged always applies.
 */
import { startFeature } from "./feature.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_CLOSED_TASKS } from "./limits.ts";
import { noteForgottenTask, putOpenTask } from "./task.ts";
import type { ProjectState, Task, TaskStatus } from "./state.ts";

export function isClosed(status: TaskStatus): boolean {
  return status === "done" || status === "failed" || status === "merged";
}

/** False for a straggler that a closed task does not listen to. */
export function mayMove(task: Task, time_ms: number): boolean {
  return !isClosed(task.status) || time_ms >= task.status_at;
}

/** The status of a task that nothing holds up, by what is known of its work. */
export function restingStatus(task: Task): TaskStatus {
  if (task.started_at !== null) return "in_progress";
  return task.claimed_at !== null ? "claimed" : "pending";
}

function isWork(status: TaskStatus): boolean {
  return status === "claimed" || status === "in_progress" || status === "review";
}

export function setStatus(state: ProjectState, task: Task, status: TaskStatus, time_ms: number): void {
  const was = task.status;
  if (was === status) return;
  const was_closed = isClosed(was);
  const closes = isClosed(status);

  if (isWork(status) && (was === "pending" || was_closed || task.attempts === 0)) task.attempts += 1;
  if (was === "blocked") task.blocked_reason = null;
  if (was === "failed") task.failure_reason = null;
  if (status === "in_progress") task.started_at ??= time_ms;
  task.status = status;
  task.status_at = time_ms;

  if (closes) {
    if (was !== "done" || status !== "merged") putClosed(state, task, time_ms);
    if (status === "merged") task.merged_at = time_ms;
    else task.merged_at = null;
  } else if (was_closed) {
    task.closed_at = null;
    task.merged_at = null;
    task.approved = false;
    state.closed_tasks.delete(task.id);
    putOpenTask(state, task);
  }
  const worked_on = status !== "pending" && status !== "claimed" && status !== "blocked";
  if (worked_on && task.feature_id !== null) startFeature(state, task.feature_id, time_ms);
}

function putClosed(state: ProjectState, task: Task, time_ms: number): void {
  task.closed_at = time_ms;
  state.open_tasks.delete(task.id);
  // Set anew, so that the order stays that of closing.
  state.closed_tasks.delete(task.id);
  state.closed_tasks.set(task.id, task);
  noteForgottenTask(state, forgetOldest(state.closed_tasks, MAX_CLOSED_TASKS));
}
