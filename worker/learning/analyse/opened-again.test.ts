import { expect, it } from "vitest";
import { findTask } from "../../../schema/state/select.ts";
import { play, written, type Step } from "../../../test/replay/play.ts";
import { openingsIn, timesReopened } from "./opened-again.ts";

it.each<[string[], number]>([
  [["task_completed", "task_reopened"], 1],
  [["task_completed", "task_reopened", "task_completed", "task_merged", "task_reopened"], 2],
  // Said twice, it was opened once.
  [["task_merged", "task_reopened", "task_reopened"], 1],
  // A new attempt.
  [["task_failed", "task_reopened"], 0],
  [["task_completed", "task_failed", "task_reopened"], 0],
  // Words of the same work that came late.
  [["task_completed", "task_started"], 0],
  [["task_merged", "review_requested", "reviewer_changes_requested"], 0],
  [["task_completed", "task_blocked", "task_unblocked"], 0],
  [["task_reopened"], 0],
])("after %j was opened again %i times, by its moves and by its events", (types, times) => {
  const steps = types.map((type): Step => ({ type, task: "T" }));
  const task = findTask(play(steps), "T");
  if (task === undefined) throw new Error("no task");
  expect(timesReopened(task)).toBe(times);
  expect(openingsIn(written(steps))).toHaveLength(times);
});
