/**
 * Whether a log tells how work goes, or only that tasks open and close. A tracker's record has no place for a person
 * who was asked, or for attempts that ran out: that it names none is no sign that there were none, and no 0. Of a log
 * in which agents tell anything else of their work, what they do not tell did not happen.
 *
 * Judged by the whole log, and by sums alone: the live state and the archive agree, and so do all windows and groups.
 */
import type { Task } from "../state/entity/task.ts";
import type { Cell } from "./cell.ts";
import type { SumName } from "./sums.ts";

const TOLD = [
  "calls",
  "submissions",
  "loose_submissions",
  "approvals",
  "refusals",
  "tests_passed",
  "tests_failed",
  "lint_passed",
  "lint_failed",
  "errors",
  "fixes",
  "coverage_runs",
  "coverage_excluded",
  "integration_passed",
  "integration_failed",
  "integration_early",
  "exhausted",
  "escalated_tasks",
  "loose_escalations",
  "crashes",
  "stray_recoveries",
  // Times between events count where there are heartbeats.
  "gaps",
] as const satisfies readonly SumName[];

export function isTold(
  slots: readonly { cells: ReadonlyMap<string, Cell> | readonly Cell[] }[],
  tasks: readonly Task[],
): boolean {
  for (const { cells } of slots)
    for (const { sums } of cells.values()) for (const name of TOLD) if (sums[name] > 0) return true;
  return tasks.some(({ closed_at, escalations }) => closed_at !== null && (escalations ?? 0) > 0);
}
