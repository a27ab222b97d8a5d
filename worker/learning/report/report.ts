/**
 * How a feature went:
 *
 *   Known ──▶ tasks (phases, tokens, cycles) ─┬─▶ overview, totals ─▶ insights ─▶ recommendations
 *   (state, archive, rows, log)               └─▶ quality, bugs ────▶ grade
 *
 * Pure: the same knowledge gives the same report. What a link hides is not in `Known`, so nothing here can tell it.
 */
import type { FeatureReport } from "../../../schema/wire/report.ts";
import { bugsOf } from "./bugs.ts";
import { insightsOf } from "./insight.ts";
import { endOf, type Known } from "./known.ts";
import { lessonsOf } from "./lesson.ts";
import { compareTasks } from "./outlier.ts";
import { overviewOf } from "./overview.ts";
import { gradeFor, qualityOf } from "./quality.ts";
import { recommendationsOf } from "./recommend.ts";
import { MAX_REPORT_TASKS, tasksOf, totalsOf } from "./task.ts";

export function reportOf(known: Known): FeatureReport {
  const { feature } = known;
  const tasks = tasksOf(known);
  const overview = overviewOf(known);
  const totals = totalsOf(known, tasks, overview.duration);
  const quality = qualityOf(known);
  const bugs = bugsOf(known);
  const compared = compareTasks(known, tasks);
  const task_ids = new Set(known.tasks.map(({ id }) => id));
  const { id, title, status, kind, requested_by, created_at, started_at, closed_at, partial } = feature;
  return {
    seq: known.seq,
    at: endOf(known),
    feature: { id, title, status, kind, requested_by, created_at, started_at, closed_at, partial },
    hides_cost: known.hides_cost,
    grade: gradeFor(known, { overview, quality, bugs }),
    overview,
    tasks: tasks.slice(0, MAX_REPORT_TASKS),
    omitted_tasks: Math.max(0, tasks.length - MAX_REPORT_TASKS),
    totals,
    quality,
    bugs,
    insights: insightsOf({ overview, totals, tasks }, compared.outliers, known),
    recommendations: recommendationsOf(known, { tasks, totals }, compared),
    lessons: lessonsOf(known.lessons, feature.id, task_ids),
    lessons_why: known.lessons_why,
  };
}
