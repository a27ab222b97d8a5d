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
 * A review of a closed task that arrives late still counts as a cycle.
 */
import { mayMove, setStatus } from "./status.ts";
import type { Fold } from "./subject.ts";
import { touchFiles } from "./task.ts";

export const foldSubmitted: Fold = (state, event, { task, time_ms }) => {
  if (task === null) return;
  task.submitted_at ??= time_ms;
  touchFiles(state, event, task);
  if (!mayMove(task, time_ms)) return;
  // What lint said of it is told by now (schema/metric); what it says next is of this one, if it had said nothing.
  if (task.status !== "review")
    task.last_lint = task.last_lint === "passed" || task.last_lint === "failed" ? "counted" : null;
  setStatus(state, task, "review", time_ms);
};

export const foldApproved: Fold = (_state, _event, { task, time_ms }) => {
  if (task !== null && mayMove(task, time_ms)) task.approved = true;
};

export const foldChangesRequested: Fold = (state, _event, { task, time_ms }) => {
  if (task === null) return;
  task.review_cycles += 1;
  if (!mayMove(task, time_ms)) return;
  task.approved = false;
  setStatus(state, task, "in_progress", time_ms);
};
