/**
 * How a task's status moves. Every change of it goes through `move`, which keeps
 * the open and closed Maps and the feature in step with the course (`course.ts`).
 *
 *   pending ─▶ claimed ─▶ in_progress ◀─▶ review ─▶ done ─▶ merged
 *      └──────────┴───▶ blocked ◀┘ │                  failed
 *
 * Moves count by event time: the last word is the newest one, whenever it came.
 * Progress is 1 while it is done or merged, else what the newest number or completion said.
 */
import { enter, isClosed } from "./course.ts";
import { codeOf, isWork, MOVE, type Move } from "./move.ts";
import { startFeature } from "./feature.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_CLOSED_TASKS } from "./limits.ts";
import { noteForgottenTask, putOpenTask } from "./task.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

export function move(state: ProjectState, task: Task, code: Move, time_ms: number): void {
  const { status, closed_at } = task;
  enter(task, code, time_ms);
  settle(state, task, status, closed_at);
  if (task.status === "done" || task.status === "merged") task.progress = 1;
  else if (status === "done" || status === "merged" || tellsProgress(code))
    task.progress = progressTold(task);
  if (task.feature_id !== null && isWork(code)) startFeature(state, task.feature_id, time_ms);
}

function settle(state: ProjectState, task: Task, was: Task["status"], was_closed_at: number | null): void {
  const { status } = task;
  if (was === "blocked" && status !== was) task.blocked_reason = null;
  if (was === "failed" && status !== was) task.failure_reason = null;
  if (isClosed(status)) {
    if (task.closed_at !== was_closed_at) putClosed(state, task);
  } else if (isClosed(was)) {
    state.closed_tasks.delete(task.id);
    putOpenTask(state, task);
  }
}

function putClosed(state: ProjectState, task: Task): void {
  state.open_tasks.delete(task.id);
  // Set anew, so that the order stays that of closing.
  state.closed_tasks.delete(task.id);
  state.closed_tasks.set(task.id, task);
  noteForgottenTask(state, forgetOldest(state.closed_tasks, MAX_CLOSED_TASKS));
}

function tellsProgress(code: number): boolean {
  return code === MOVE.measure || code === MOVE.complete || code === MOVE.merge;
}

/** By the newest number or completion. */
function progressTold(task: Task): number | null {
  const { moves, measured } = task.past;
  for (let at = moves.length - 1; at >= 0; at -= 1) {
    const code = codeOf(moves[at] ?? 0);
    if (code === MOVE.measure) return measured;
    if (code === MOVE.complete || code === MOVE.merge) return 1;
  }
  return task.progress;
}
