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
import { move } from "./status.ts";
import type { Fold } from "./subject.ts";
import { touchFiles } from "./task.ts";

export const foldSubmitted: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  touchFiles(state, event, task);
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
