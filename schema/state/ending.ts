/**
 * The end of a task.
 *
 * | event          | status afterwards                                                           |
 * |----------------|-----------------------------------------------------------------------------|
 * | task_completed | done, progress 1; a merged task stays merged                                |
 * | task_failed    | failed                                                                      |
 * | task_merged    | merged, progress 1; done stays merged, whichever of the two is earlier      |
 *
 * Locks taken for the task are released, and it is nobody's current task any
 * more. Completed and failed count for the assignee where it is known, else for
 * the sender; merging what was done counts nothing twice.
 */
import type { StoredEvent } from "../event/event.ts";
import { isBefore, MOVE } from "./move.ts";
import { textIn } from "./field.ts";
import { MAX_REASON_CHARS } from "./limits.ts";
import { releaseLocksOfTask } from "./lock.ts";
import { move } from "./status.ts";
import type { Agent } from "./entity/agent.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";
import type { Fold } from "./subject.ts";
import { touchFiles } from "./task.ts";

function putDown(agent: Agent | undefined | null, task: Task): void {
  if (agent?.current_task === task.id) agent.current_task = null;
}

/** Ends the work; returns the agent whose work it was, if that is one of the team. */
function end(state: ProjectState, event: StoredEvent, task: Task): Agent | undefined {
  const sender = state.agents.get(event.agent_id);
  const worker = task.assignee === null ? sender : state.agents.get(task.assignee);
  putDown(sender, task);
  putDown(worker, task);
  releaseLocksOfTask(state, task.id);
  return worker;
}

export const foldCompleted: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  touchFiles(state, event, task);
  const was = task.status;
  move(state, task, MOVE.complete, time_ms);
  if (task.status !== "done" || was === "done") return;
  const worker = end(state, event, task);
  if (worker !== undefined) worker.tasks_completed += 1;
};

export const foldFailed: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  const was = task.status;
  move(state, task, MOVE.fail, time_ms);
  if (task.status !== "failed") return;
  if (was !== "failed") {
    const worker = end(state, event, task);
    if (worker !== undefined) worker.tasks_failed += 1;
  }
  const reason = textIn(event, "reason", MAX_REASON_CHARS);
  const is_newest = !isBefore(time_ms, task.past.moves, isFailure);
  task.failure_reason = is_newest ? (reason ?? task.failure_reason) : (task.failure_reason ?? reason);
};

function isFailure(code: number): boolean {
  return code === MOVE.fail;
}

export const foldMerged: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  touchFiles(state, event, task);
  const was = task.status;
  move(state, task, MOVE.merge, time_ms);
  if (task.status !== "merged" || was === "merged") return;
  const worker = end(state, event, task);
  if (worker !== undefined && was !== "done") worker.tasks_completed += 1;
};
