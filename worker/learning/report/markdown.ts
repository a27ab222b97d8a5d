/** A report as Markdown: what is unknown says so, and what events wrote is text (escape.ts). */
import { duration } from "../../../schema/event/describe/duration.ts";
import { moneyText, tokenText } from "../../../schema/event/describe/figure.ts";
import type {
  FeatureReport,
  ReportFigure,
  ReportQuality,
  ReportRecommendation,
  ReportTask,
} from "../../../schema/wire/report.ts";
import { inline } from "./escape.ts";
import { counted, UNIT_TEXT, type ReportUnit } from "./words.ts";

/** Tasks that are written out: a longer report is read as JSON or on its page. */
const MAX_TASKS = 200;

const STATUS_MARK: Readonly<Record<string, string>> = {
  merged: "✅ Merged",
  done: "✅ Done",
  abandoned: "❌ Abandoned",
  failed: "❌ Failed",
  in_progress: "⏳ In progress",
  review: "🔍 In review",
  blocked: "⛔ Blocked",
  claimed: "⏳ Claimed",
  pending: "⏳ Pending",
  planned: "⏳ Planned",
  requested: "⏳ Requested",
};

export function markdownOf(report: FeatureReport): string {
  const { feature } = report;
  const title = feature.title ?? feature.id;
  const parts = [
    `# Feature: ${inline(title)}`,
    ...(feature.title === null ? [] : [`Id: ${inline(feature.id)}`]),
    section("Overview", overview(report)),
    section("Task Breakdown", tasks(report)),
    section("Quality Metrics", quality(report)),
    section("Insights", insights(report)),
    section("Recommendations", report.recommendations.map(recommendation)),
    section("Lessons", lessons(report)),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `## ${title}\n\n${lines.join("\n")}`;
}

function overview({
  feature,
  overview: { duration: took, cost, tokens },
  grade,
  totals,
}: FeatureReport): string[] {
  const used = tokens.value === null ? "" : ` (${tokenText(tokens.value)} tokens)`;
  return [
    `- **Status:** ${STATUS_MARK[feature.status] ?? feature.status}`,
    `- **Duration:** ${figure("ms", took)}`,
    `- **Cost:** ${figure("usd", cost)}${used}${costBasis(cost)}`,
    ...(tokens.reference === null ? [] : [`- **Tokens:** ${figure("tokens", tokens)}`]),
    `- **Quality:** ${grade.letter ?? "not graded"}: ${inline(grade.words)}`,
    ...grade.parts.map(({ part, score, words }) => `  - ${part}: ${score ?? "unknown"}; ${inline(words)}`),
    ...(totals.files === null
      ? []
      : [`- **Files:** ${totals.files_at_least ? "at least " : ""}${totals.files.toLocaleString("en")}`]),
  ];
}

function figure(unit: ReportUnit, { value, why, reference }: ReportFigure): string {
  const text = UNIT_TEXT[unit];
  if (value === null) return `unknown${why === null ? "" : `: ${lowered(why)}`}`;
  if (reference === null) return text(value);
  const { p50, p80, words } = reference;
  return `${text(value)}; ${words}: P50 ${text(p50)}${p80 === null ? "" : `, P80 ${text(p80)}`}`;
}

function costBasis({
  value,
  reported_usd,
  priced_usd,
  unpriced_calls,
}: FeatureReport["overview"]["cost"]): string {
  if (value === null) return "";
  const parts = [
    ...((reported_usd ?? 0) > 0 ? [`${moneyText(reported_usd ?? 0)} reported`] : []),
    ...((priced_usd ?? 0) > 0 ? [`${moneyText(priced_usd ?? 0)} priced`] : []),
    ...(unpriced_calls > 0 ? [`${counted(unpriced_calls, "call")} without a price`] : []),
  ];
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

function tasks({ tasks: all, omitted_tasks }: FeatureReport): string[] {
  if (all.length === 0) return ["No task of it is known."];
  const shown = all.slice(0, MAX_TASKS);
  const more = all.length - shown.length + omitted_tasks;
  return [...shown.flatMap(task), ...(more > 0 ? ["", `… and ${counted(more, "further task")}.`] : [])];
}

function task(one: ReportTask, index: number): string[] {
  const { id, title, status, approved, agent, cycles, tokens, cost_usd, unpriced_calls } = one;
  const name = title === null ? `**${inline(id)}**` : `**${inline(title)}** (${inline(id)})`;
  const spans = [
    ...([
      ["working", one.working_ms],
      ["waiting", one.waiting_ms],
      ["in review", one.review_ms],
    ] as const),
  ].flatMap(([word, ms]) => (ms === null ? [] : [`${duration(ms)} ${word}`]));
  const cost =
    cost_usd === null
      ? ""
      : ` (${moneyText(cost_usd)}${unpriced_calls > 0 ? `, ${counted(unpriced_calls, "call")} without a price` : ""})`;
  return [
    `${index + 1}. ${name}: ${STATUS_MARK[status] ?? status}${approved ? ", approved" : ""}`,
    `   - Agent: ${agent === null ? "unknown" : inline(agent)}`,
    `   - Time: ${spans.length === 0 ? "unknown" : spans.join(", ")}`,
    `   - Tokens: ${tokens === null ? "unknown" : `${tokenText(tokens)}${cost}`}`,
    `   - Reviewer cycles: ${cycles}`,
  ];
}

function quality({ quality: lines, totals, bugs }: FeatureReport): string[] {
  const { tests_passed, tests_failed } = totals;
  return [
    ...(tests_passed === null || tests_failed === null
      ? []
      : [
          `- **Tests:** ${tests_passed.toLocaleString("en")} passed, ${tests_failed.toLocaleString("en")} failed, over all runs`,
        ]),
    ...lines.map((line) => `- **${line.label}:** ${qualityText(line)}`),
    `- **Bugs within seven days:** ${bugs.words}`,
  ];
}

function qualityText({ value, is_share, counted: of, target, why, excluded }: ReportQuality): string {
  if (value === null) return `unknown${why === null ? "" : `: ${lowered(why)}`}`;
  const text = is_share ? `${Math.round(value * 100)}%` : String(Math.round(value * 100) / 100);
  const held =
    target === null ? "" : `, target ${target.bound} ${is_share ? `${target.value * 100}%` : target.value}`;
  const known = of === null ? "" : ` (${of}${excluded > 0 ? `, ${excluded} unknown` : ""})`;
  return `${text}${known}${held}`;
}

function insights({ insights: found }: FeatureReport): string[] {
  return found.map(({ words }) => `- ${inline(words, 600)}`);
}

function recommendation({ words, saving }: ReportRecommendation): string {
  const saved = savingText(saving);
  return `- ${inline(words, 600)}${saved === null ? "" : ` Up to ${saved}.`}`;
}

function savingText({ tokens, usd, ms }: ReportRecommendation["saving"]): string | null {
  const parts = [
    ...(tokens === null ? [] : [`${tokenText(Math.round(tokens))} tokens`]),
    ...(usd === null ? [] : [moneyText(usd)]),
    ...(ms === null ? [] : [duration(ms)]),
  ];
  return parts.length === 0 ? null : parts.join(", ");
}

function lessons({ lessons: learned, lessons_why }: FeatureReport): string[] {
  return [
    ...learned.map(({ headline, category, lesson_id }) => {
      const kind = category === null ? "" : `${inline(category, 40)}: `;
      return `- ${kind}${headline === null ? inline(lesson_id) : inline(headline)}`;
    }),
    ...(lessons_why === null ? [] : [lessons_why]),
  ];
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
