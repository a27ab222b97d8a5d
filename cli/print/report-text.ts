/** A report on a terminal. Every name and word comes from events and is cleaned (P2). */
import { duration } from "../../schema/event/describe/duration.ts";
import { moneyText, tokenText } from "../../schema/event/describe/figure.ts";
import type { FeatureReport, ReportFigure, ReportQuality, ReportTask } from "../../schema/wire/report.ts";
import { table } from "./query-table.ts";
import { reportCostText } from "./report-cost.ts";
import { clean } from "./terminal.ts";

const HEAD = ["task", "status", "agent", "waiting", "working", "review", "tokens", "cost", "cycles"];
const LEFT = new Set([0, 1, 2]);
const MAX_NAME_CHARS = 40;
const MAX_WORDS_CHARS = 400;
/** `--json` has all. */
const MAX_TASKS = 100;

export function reportText(report: FeatureReport): string {
  const { feature, overview, grade, tasks, omitted_tasks } = report;
  const shown = tasks.slice(0, MAX_TASKS);
  const left_out = tasks.length - shown.length + omitted_tasks;
  const name = feature.title === null ? "" : ` (${clean(feature.id, MAX_NAME_CHARS)})`;
  return [
    `${clean(feature.title ?? feature.id, 100)}${name}: ${feature.status}`,
    "",
    `grade     ${grade.letter ?? "none"}  ${clean(grade.words, MAX_WORDS_CHARS)}`,
    ...grade.parts.map(
      ({ part, score, words }) =>
        `  ${part.padEnd(8)}${score ?? "unknown"}  ${clean(words, MAX_WORDS_CHARS)}`,
    ),
    `duration  ${figure(overview.duration, duration)}`,
    `cost      ${report.hides_cost ? "not shown" : reportCostText(overview)}${expected(overview.cost, moneyText)}`,
    `tokens    ${figure(overview.tokens, tokenText)}`,
    "",
    shown.length === 0 ? "No task of it is known." : table(HEAD, shown.map(rowOf), LEFT),
    ...(left_out > 0 ? [`… and ${left_out} further tasks (--json has them)`] : []),
    ...block("Quality", report.quality.map(qualityLine)),
    `  bugs within seven days: ${clean(report.bugs.words, MAX_WORDS_CHARS)}`,
    ...block(
      "Insights",
      report.insights.map(({ words }) => clean(words, MAX_WORDS_CHARS)),
    ),
    ...block(
      "Next time",
      report.recommendations.map(
        ({ words, saving }) => `${clean(words, MAX_WORDS_CHARS)}${savingText(saving)}`,
      ),
    ),
    ...block(
      "Lessons",
      report.lessons.map(({ headline, lesson_id }) => clean(headline ?? lesson_id, MAX_WORDS_CHARS)),
    ),
    ...(report.lessons_why === null ? [] : [clean(report.lessons_why)]),
  ].join("\n");
}

const block = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];

function figure(of: ReportFigure, text: (value: number) => string): string {
  if (of.value === null) return `unknown${of.why === null ? "" : ` (${clean(of.why)})`}`;
  return `${text(of.value)}${expected(of, text)}`;
}

function expected({ reference }: ReportFigure, text: (value: number) => string): string {
  if (reference === null) return "";
  const { p50, p80, words } = reference;
  return `  (${clean(words)}: P50 ${text(p50)}${p80 === null ? "" : `, P80 ${text(p80)}`})`;
}

function rowOf(task: ReportTask): string[] {
  const { id, title, status, agent, tokens, cost_usd, unpriced_calls, cycles } = task;
  const time = (ms: number | null): string => (ms === null ? "?" : duration(ms));
  return [
    title === null
      ? clean(id, MAX_NAME_CHARS)
      : `${clean(id, MAX_NAME_CHARS)} ${clean(title, MAX_NAME_CHARS)}`,
    status,
    agent === null ? "?" : clean(agent, MAX_NAME_CHARS),
    ...[task.waiting_ms, task.working_ms, task.review_ms].map(time),
    tokens === null ? "?" : tokenText(tokens),
    cost_usd === null ? "?" : `${moneyText(cost_usd)}${unpriced_calls > 0 ? "+?" : ""}`,
    String(cycles),
  ];
}

function qualityLine({ label, value, is_share, counted, target, status, why }: ReportQuality): string {
  if (value === null) return `${label}: unknown${why === null ? "" : ` (${clean(why)})`}`;
  const text = is_share ? `${Math.round(value * 100)}%` : String(Math.round(value * 100) / 100);
  const held =
    target === null
      ? ""
      : `, target ${target.bound} ${is_share ? `${target.value * 100}%` : target.value} ${status}`;
  return `${label}: ${text}${counted === null ? "" : ` (${counted})`}${held}`;
}

function savingText({ tokens, usd, ms }: FeatureReport["recommendations"][number]["saving"]): string {
  const parts = [
    ...(tokens === null ? [] : [`${tokenText(Math.round(tokens))} tokens`]),
    ...(usd === null ? [] : [moneyText(usd)]),
    ...(ms === null ? [] : [duration(ms)]),
  ];
  return parts.length === 0 ? "" : ` Up to ${parts.join(", ")}.`;
}
