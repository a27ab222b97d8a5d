/** The breakdown: each task with where its time went and what it took, and their sums. */
import { taskBegan } from "../../../schema/state/beginning.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { FeatureReport, ReportTask, ReportTotals } from "../../../schema/wire/report.ts";
import { endOf, type Known } from "./known.ts";
import { spentOf } from "./overview.ts";
import { spansOf } from "./phase.ts";

/** Lines of a report: more is no report that a person reads, and each has up to 24 phases. Sums are of all. */
export const MAX_REPORT_TASKS = 1_000;

const isFinished = ({ status }: Pick<Task, "status">): boolean => status === "done" || status === "merged";

export function tasksOf(known: Known): ReportTask[] {
  const end_ms = endOf(known);
  const began = (task: Task): number => taskBegan(task) ?? task.submitted_at ?? task.closed_at ?? Infinity;
  return known.tasks
    .toSorted((a, b) => compare(began(a), began(b)) || a.first_seq - b.first_seq)
    .map((task) => ({
      id: task.id,
      title: task.title,
      status: task.status,
      kind: task.kind,
      agent: task.assignee,
      role: task.role,
      model: task.model,
      created_at: task.created_at,
      closed_at: task.closed_at,
      ...spansOf(task, end_ms),
      ...spentOf(task.usage, known.hides_cost),
      cycles: task.review_cycles,
      attempts: task.attempts,
      approved: task.approved,
      tests_passed: task.tests_passed,
      tests_failed: task.tests_failed,
      last_test: task.last_test,
      partial: task.partial,
    }));
}

/** Infinity less itself is no number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** The lists of a task may be cut, and the count of a feature; neither tells too many. */
function filesOf(
  feature: Known["feature"],
  tasks: Known["tasks"],
): Pick<ReportTotals, "files" | "files_at_least"> {
  const named = new Set(tasks.flatMap((task) => task.files)).size;
  const counted = feature.file_count ?? 0;
  const files = Math.max(named, counted);
  return { files: files > 0 ? files : null, files_at_least: feature.file_count_is_least };
}

export function totalsOf(
  { feature, tasks: whole }: Pick<Known, "feature" | "tasks">,
  tasks: readonly ReportTask[],
  duration: FeatureReport["overview"]["duration"],
): ReportTotals {
  const sum = (value: (task: ReportTask) => number | null): number | null => {
    const known = tasks.map(value).filter((each) => each !== null);
    return known.length === 0 ? null : known.reduce((total, each) => total + each, 0);
  };
  const tested = tasks.filter(({ tests_passed, tests_failed }) => tests_passed + tests_failed > 0);
  const working_ms = sum((task) => task.working_ms);
  return {
    tasks: tasks.length,
    finished: tasks.filter(isFinished).length,
    failed: tasks.filter(({ status }) => status === "failed").length,
    open: tasks.filter((task) => task.status !== "failed" && !isFinished(task)).length,
    cycles: tasks.reduce((total, { cycles }) => total + cycles, 0),
    waiting_ms: sum((task) => task.waiting_ms),
    working_ms,
    review_ms: sum((task) => task.review_ms),
    parallel: working_ms === null || !((duration.value ?? 0) > 0) ? null : working_ms / (duration.value ?? 1),
    ...filesOf(feature, whole),
    tests_passed: tested.length === 0 ? null : tested.reduce((n, task) => n + task.tests_passed, 0),
    tests_failed: tested.length === 0 ? null : tested.reduce((n, task) => n + task.tests_failed, 0),
  };
}
