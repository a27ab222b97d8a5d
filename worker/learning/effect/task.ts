/** A task as an outcome: what it says of success, rounds, tokens and time. */
import type { Task } from "../../../schema/state/state.ts";
import { measured, recordOfTask } from "../../insight/work/record.ts";
import type { TaskOutcome } from "./outcome.ts";

/** Null while it is open. */
export function outcomeOf(task: Task): TaskOutcome | null {
  const record = recordOfTask(task);
  const { closed_at, outcome } = record;
  if (closed_at === null || outcome === "open") return null;
  const work = measured(record, "work");
  // What nobody submitted was not reviewed: no rounds are not few rounds.
  const is_reviewed = task.submitted_at !== null || task.review_cycles > 0 || task.approved;
  return {
    task_id: task.id,
    closed_at,
    finished: outcome === "finished",
    cycles: is_reviewed ? task.review_cycles : null,
    tokens: record.tokens,
    work_ms: work.ok ? work.value : null,
  };
}
