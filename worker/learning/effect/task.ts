/** A task as an outcome: what it says of success, rounds, tokens and time. */
import type { Task } from "../../../schema/state/entity/task.ts";
import { measured, recordOfTask } from "../../insight/work/record.ts";
import type { TaskOutcome } from "./outcome.ts";

export function outcomeOf(task: Task): TaskOutcome {
  const record = recordOfTask(task);
  const { closed_at, outcome, tokens } = record;
  const work = measured(record, "work");
  const is_closed = closed_at !== null && outcome !== "open";
  // What nobody submitted was not reviewed: no rounds are not few rounds.
  const is_reviewed = task.submitted_at !== null || task.review_cycles > 0 || task.approved;
  return {
    closed_at: is_closed ? closed_at : null,
    finished: outcome === "finished",
    attempts: task.attempts,
    // An open task has not had all of its rounds, nor of its tokens.
    cycles: is_closed && is_reviewed ? task.review_cycles : null,
    tokens: is_closed ? tokens : null,
    work_ms: is_closed && work.ok ? work.value : null,
  };
}
