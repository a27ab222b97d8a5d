/**
 * What to do next time, with what it would have saved where the numbers carry it: what a task took beyond the median
 * of like tasks. A saving is what was, never a promise.
 *
 * | rule     | when                                                  | saving                                             |
 * |----------|-------------------------------------------------------|----------------------------------------------------|
 * | rework   | tasks were sent back, 10 alike were not               | what they used beyond the median of those          |
 * | oversize | a task used more than nine in ten of its like         | what it used beyond their median                   |
 * | retry    | a task failed                                         | what it used                                       |
 * | queue    | tasks waited longer than they were worked on          | the longest wait                                   |
 */
import type { FeatureReport, ReportRecommendation, ReportTask } from "../../../schema/wire/report.ts";
import { recordOfTask } from "../../insight/work/record.ts";
import type { Known } from "./known.ts";
import type { Compared } from "./outlier.ts";
import { counted, listed, named } from "./words.ts";

const NOTHING: ReportRecommendation["saving"] = { tokens: null, usd: null, ms: null };

export function recommendationsOf(
  known: Known,
  { tasks, totals }: Pick<FeatureReport, "tasks" | "totals">,
  compared: Compared,
): ReportRecommendation[] {
  return [
    ...rework(known, tasks, compared),
    ...oversize(tasks, compared),
    ...retry(tasks),
    ...queue(tasks, totals),
  ];
}

function rework(known: Known, tasks: readonly ReportTask[], { smooth }: Compared): ReportRecommendation[] {
  const back = tasks.filter(({ cycles, status }) => cycles > 0 && status !== "failed");
  if (back.length === 0) return [];
  const records = new Map(known.tasks.map((task) => [task.id, recordOfTask(task)]));
  let n = 0;
  const beyond = back.flatMap((task) => {
    const record = records.get(task.id);
    const like = record === undefined || task.tokens === null ? null : smooth.like(record, "tokens");
    if (like === null || task.tokens === null || task.tokens <= like.median) return [];
    n = Math.max(n, like.n);
    return [{ task, tokens: task.tokens - like.median }];
  });
  const tokens = beyond.reduce((sum, each) => sum + each.tokens, 0);
  const ids = back.map(({ id }) => id);
  const basis =
    n === 0
      ? ""
      : ` ${n.toLocaleString("en")} similar tasks that passed at the first try used less at their median.`;
  return [
    {
      rule: "rework",
      words: `Settle before the first submission what the reviewer sent back: ${listed(ids)}.${basis}`,
      saving: n === 0 ? NOTHING : { ...NOTHING, tokens, usd: priceOf(beyond) },
      tasks: ids,
    },
  ];
}

function oversize(tasks: readonly ReportTask[], { outliers }: Compared): ReportRecommendation[] {
  // What was sent back is told of above, and is not counted twice.
  const large = outliers.filter(({ measure, task }) => measure === "tokens" && task.cycles === 0);
  if (large.length === 0 || tasks.length < 2) return [];
  const beyond = large.map(({ task, value, like }) => ({ task, tokens: value - like.median }));
  const ids = large.map(({ task }) => task.id);
  return [
    {
      rule: "oversize",
      words: `Give ${listed(ids)} a narrower scope or a template: like tasks took far less.`,
      saving: {
        ...NOTHING,
        tokens: beyond.reduce((sum, each) => sum + each.tokens, 0),
        usd: priceOf(beyond),
      },
      tasks: ids,
    },
  ];
}

function retry(tasks: readonly ReportTask[]): ReportRecommendation[] {
  const lost = tasks.filter(({ status }) => status === "failed");
  if (lost.length === 0) return [];
  const spent = lost.flatMap((task) => (task.tokens === null ? [] : [{ task, tokens: task.tokens }]));
  const ids = lost.map(({ id }) => id);
  return [
    {
      rule: "retry",
      words: `See why ${counted(lost.length, "task")} failed before the like is tried again: ${listed(ids)}.`,
      saving:
        spent.length === 0
          ? NOTHING
          : { ...NOTHING, tokens: spent.reduce((sum, each) => sum + each.tokens, 0), usd: priceOf(spent) },
      tasks: ids,
    },
  ];
}

function queue(
  tasks: readonly ReportTask[],
  { waiting_ms, working_ms }: FeatureReport["totals"],
): ReportRecommendation[] {
  if (waiting_ms === null || working_ms === null || waiting_ms <= working_ms) return [];
  const longest = tasks
    .filter((task) => (task.waiting_ms ?? 0) > 0)
    .reduce<ReportTask | null>((most, task) => {
      return most === null || (task.waiting_ms ?? 0) > (most.waiting_ms ?? 0) ? task : most;
    }, null);
  if (longest === null) return [];
  return [
    {
      rule: "queue",
      words: `Start earlier what waits: ${named(longest.id)} waited longest. A free agent, or fewer things that wait for each other, would have begun it sooner.`,
      saving: { ...NOTHING, ms: longest.waiting_ms },
      tasks: [longest.id],
    },
  ];
}

/** At what each of these tasks paid for a token itself; null where one's price is not known whole. */
function priceOf(beyond: readonly { task: ReportTask; tokens: number }[]): number | null {
  let usd = 0;
  for (const { task, tokens } of beyond) {
    if (task.cost_usd === null || task.unpriced_calls > 0 || !((task.tokens ?? 0) > 0)) return null;
    usd += (task.cost_usd / (task.tokens ?? 1)) * tokens;
  }
  return beyond.length === 0 ? null : usd;
}
