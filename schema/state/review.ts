/**
 * Review of a task.
 *
 * | event                                                | status afterwards                     |
 * |------------------------------------------------------|---------------------------------------|
 * | agent_submitted, review_requested, coder_resubmitted | review; `submitted_at` the first time |
 * | reviewer_approved                                    | as it is, approved                    |
 * | reviewer_changes_requested, reviewer_rejected        | in_progress, one more cycle, approved no more |
 *
 * Without a `task_id` they are about no task and only their agent is seen.
 * Of reviews that come out of order the newest counts; each counts as a cycle.
 */
import { MOVE } from "./move.ts";
import type { Task } from "./entity/task.ts";
import { move } from "./status.ts";
import type { Fold } from "./subject.ts";
import { touchFiles } from "./task.ts";

/** The same submission is often told twice, as handed in and as a review asked for; a straggler is none. */
export function isNewSubmission(task: Task, time_ms: number): boolean {
  return task.status !== "review" && time_ms >= task.status_at;
}

export const foldSubmitted: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  touchFiles(state, event, task);
  // What lint said of it is told by now (schema/metric); what it says next is of this one, if it had said nothing.
  if (isNewSubmission(task, time_ms))
    task.last_lint = task.last_lint === "passed" || task.last_lint === "failed" ? "counted" : null;
  move(state, task, MOVE.submit, time_ms);
};

export const foldApproved: Fold = (state, _event, { task, time_ms }) => {
  if (task !== null) move(state, task, MOVE.approve, time_ms);
};

export const foldChangesRequested: Fold = (state, _event, { task, time_ms }) => {
  if (task === null) return;
  task.review_cycles += 1;
  move(state, task, MOVE.change, time_ms);
};
