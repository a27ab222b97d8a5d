/**
 * What stands out, as sentences with their comparison and its n; each rule says nothing where it knows too little.
 *
 * | rule        | says                                                                       | speaks when                        |
 * |-------------|----------------------------------------------------------------------------|------------------------------------|
 * | foretold    | duration, cost or tokens against what was said as work began               | it was foretold                    |
 * | similar     | the same against the median of like features before                        | 10 are alike; a tone beyond 8 in 10 |
 * | task_tokens, task_time | a task that took more than nine in ten like tasks               | 10 are alike; the 3 that took most  |
 * | first_pass  | how many tasks were approved at the first try, and which went back most     | a verdict is known                 |
 * | reopened    | how many tasks were called done and opened again (reopened.ts)             | one was                            |
 * | waiting     | how long tasks waited for each hour of work                                 | both are known                     |
 * | failed      | what failed tasks used                                                      | one failed                         |
 */
import type { FeatureReport, ReportFigure, ReportInsight, ReportTask } from "../../../schema/wire/report.ts";
import type { Known } from "./known.ts";
import type { Outlier } from "./outlier.ts";
import { tellsApprovals } from "./quality.ts";
import { reopenedInsight } from "./reopened.ts";
import { counted, listed, named, times, UNIT_TEXT, type ReportUnit } from "./words.ts";

/** Waiting that is worth a word: half as long as the work and more. */
const MUCH_WAITING = 0.5;
/** Within so much of what was said nobody would call it another. */
const AS_SAID = 0.1;

type Told = Pick<FeatureReport, "overview" | "totals" | "tasks">;

export function insightsOf(
  told: Told,
  outliers: readonly Outlier[],
  known: Pick<Known, "tasks" | "counts">,
): ReportInsight[] {
  const { duration, cost, tokens } = told.overview;
  return [
    ...figureInsight("It took", "ms", duration),
    ...figureInsight("It cost", "usd", cost),
    ...figureInsight("It used", "tokens", tokens),
    ...outliers.map(outlierInsight),
    ...(tellsApprovals(known) ? firstPass(told.tasks) : []),
    ...reopenedInsight(known.tasks),
    ...waiting(told.totals),
    ...failed(told.tasks),
  ];
}

function figureInsight(verb: string, unit: ReportUnit, { reference }: ReportFigure): ReportInsight[] {
  if (reference === null) return [];
  const { actual, p50, p80, basis, words } = reference;
  const text = UNIT_TEXT[unit];
  const what = unit === "tokens" ? `${text(actual)} tokens` : text(actual);
  const ratio = actual / p50;
  const tail = p80 === null ? "" : `, ${actual <= p80 ? "within" : "beyond"} ${eight(basis)} (${text(p80)})`;
  const is_worse = p80 === null ? ratio > 1 + AS_SAID : actual > p80;
  return [
    {
      rule: basis === "forecast" ? "foretold" : "similar",
      tone: is_worse ? "worse" : ratio < 1 - AS_SAID ? "better" : "neutral",
      words: `${verb} ${what}, ${times(ratio)} ${words} (${text(p50)})${tail}.`,
      tasks: [],
    },
  ];
}

const eight = (basis: "forecast" | "similar"): string =>
  basis === "forecast" ? "the P80" : "eight in ten of them";

function outlierInsight({ task, measure, value, like, ratio }: Outlier): ReportInsight {
  const text = measure === "tokens" ? `${UNIT_TEXT.tokens(value)} tokens` : `${UNIT_TEXT.ms(value)} of work`;
  const rank = value > like.p90 ? ", more than nine in ten of them" : "";
  return {
    rule: measure === "tokens" ? "task_tokens" : "task_time",
    tone: "worse",
    words: `${named(task.id)} took ${text}, ${times(ratio)} the median of ${like.n.toLocaleString("en")} similar tasks${like.words === "tasks" ? "" : ` (${like.words})`}${rank}.`,
    tasks: [task.id],
  };
}

function firstPass(tasks: readonly ReportTask[]): ReportInsight[] {
  const judged = tasks.filter(({ approved, cycles }) => approved || cycles > 0);
  if (judged.length === 0) return [];
  const back = judged.filter(({ cycles }) => cycles > 0).toSorted((a, b) => b.cycles - a.cycles);
  const first = judged.length - back.length;
  const most = back[0];
  const begin = `${first.toLocaleString("en")} of ${counted(judged.length, "reviewed task")} passed at the first try`;
  return [
    {
      rule: "first_pass",
      tone: back.length === 0 ? "better" : back.length * 2 > judged.length ? "worse" : "neutral",
      words:
        most === undefined
          ? `${begin}.`
          : `${begin}; ${named(most.id)} was sent back ${most.cycles === 1 ? "once" : counted(most.cycles, "time")}.`,
      tasks: back.map(({ id }) => id),
    },
  ];
}

function waiting({ waiting_ms, working_ms, parallel }: FeatureReport["totals"]): ReportInsight[] {
  if (waiting_ms === null || working_ms === null || !(working_ms > 0)) return [];
  const share = waiting_ms / working_ms;
  if (share < MUCH_WAITING) return [];
  const { ms } = UNIT_TEXT;
  const side = parallel !== null && parallel >= 1.5 ? ` ${parallel.toFixed(1)} were worked on at once.` : "";
  return [
    {
      rule: "waiting",
      tone: share > 1 ? "worse" : "neutral",
      words: `Its tasks waited ${ms(waiting_ms)} in all and were worked on for ${ms(working_ms)}.${side}`,
      tasks: [],
    },
  ];
}

function failed(tasks: readonly ReportTask[]): ReportInsight[] {
  const lost = tasks.filter(({ status }) => status === "failed");
  if (lost.length === 0) return [];
  const tokens = lost.reduce((sum, task) => sum + (task.tokens ?? 0), 0);
  const used = tokens > 0 ? ` and used ${UNIT_TEXT.tokens(tokens)} tokens` : "";
  const ids = lost.map(({ id }) => id);
  return [
    {
      rule: "failed",
      tone: "worse",
      words: `${counted(lost.length, "task")} failed${used}: ${listed(ids)}.`,
      tasks: ids,
    },
  ];
}
