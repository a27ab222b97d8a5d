/**
 * Why a feature has no grade, as far as the state on screen tells it; null: its report knows. A report costs the server a
 * look through all of the project, so it is asked for none that can have no grade. The rule is that of
 * schema/metric/grade.ts: without a word on quality there is none.
 */
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** Of tasks. */
const CHECKED = [
  "reviewer_approved",
  "test_passed",
  "test_failed",
  "lint_passed",
  "lint_error_found",
] as const;
const COVERED = ["coverage_measured", "coverage_increased"] as const;

export function ungraded(
  { status, closed_at }: Pick<Feature, "status" | "closed_at">,
  tasks: readonly Task[],
  { counters }: Pick<ProjectState, "counters">,
): string | null {
  const told = (type: string) => (counters.by_type.get(type) ?? 0) > 0;
  if (closed_at === null) return "when it is finished";
  if (status === "abandoned") return "nothing was delivered";
  if (COVERED.some(told) || (status === "merged" && told("bug_reported"))) return null;
  if (!CHECKED.some(told)) return "no quality is told";
  const isJudged = (task: Task) =>
    (told("reviewer_approved") && (task.approved || task.review_cycles > 0)) ||
    task.last_test !== null ||
    task.lint_failing !== null;
  // Of tasks that the state has forgotten the archive may know more.
  return counters.forgotten_tasks > 0 || tasks.some(isJudged) ? null : "no quality is told";
}
