/** How a feature went, in a sentence: its end against what was expected, its grade, and what weighed most. */
import type { FeatureReport } from "../../../schema/wire/report.ts";
import type { Format } from "#lib/format/format.ts";
import { capital, type Clause } from "#lib/headline/headline.ts";

export interface ReportNumbers {
  report: FeatureReport;
  format: Pick<Format, "moment" | "span">;
}

const SHIPPED = { merged: "Merged", done: "Finished" } as const;

function against({ report, format }: ReportNumbers): string {
  const { reference } = report.overview.duration;
  if (reference === null) return "";
  const { actual, p50, p80, basis } = reference;
  const gap_ms = actual - p50;
  const middle = basis === "forecast" ? "P50" : `the median of ${reference.n.toLocaleString("en")} alike`;
  const side =
    gap_ms === 0
      ? `right at ${middle}`
      : `${format.span(Math.abs(gap_ms))} ${gap_ms > 0 ? "longer than" : "shorter than"} ${middle}`;
  if (p80 === null || gap_ms <= 0) return `, ${side}`;
  return `, ${side} and ${actual <= p80 ? "within" : "beyond"} ${basis === "forecast" ? "P80" : "eight in ten of them"}`;
}

const took = ({ report: { overview }, format }: ReportNumbers): string =>
  overview.duration.value === null ? "" : ` after ${format.span(overview.duration.value)}`;

export const REPORT_TABLE: readonly Clause<ReportNumbers>[] = [
  [
    {
      when: ({ report }) => report.feature.closed_at === null,
      say: ({ report: { totals } }) => [
        {
          text:
            totals.tasks === 0
              ? "Still open, and no task of it is known."
              : `Still open: ${totals.finished.toLocaleString("en")} of ${totals.tasks.toLocaleString("en")} ${totals.tasks === 1 ? "task" : "tasks"} finished.`,
        },
      ],
    },
    {
      when: ({ report }) => report.feature.status === "abandoned",
      say: (numbers) => [{ text: `Abandoned ${numbers.format.moment(numbers.report.at)}${took(numbers)}.` }],
    },
    {
      when: () => true,
      say: (numbers) => {
        const { status } = numbers.report.feature;
        const word = status === "merged" ? SHIPPED.merged : SHIPPED.done;
        return [
          { text: `${word} ${numbers.format.moment(numbers.report.at)}${took(numbers)}${against(numbers)}.` },
        ];
      },
    },
  ],
  [
    {
      when: ({ report }) => report.grade.letter !== null,
      say: ({ report: { grade } }) => [
        { text: `Graded ${grade.letter ?? ""}`, href: "#grade" },
        { text: grade.parts.every(({ score }) => score !== null) ? "." : " by what is known." },
      ],
    },
  ],
  [
    {
      when: ({ report }) => worst(report) !== undefined,
      say: ({ report }) => [{ text: opened(report), href: "#insights" }],
    },
  ],
];

/** An id keeps its letters also where a sentence begins with it. */
function opened(report: FeatureReport): string {
  const words = worst(report)?.words ?? "";
  const begins_with_id = report.tasks.some(({ id }) => words.startsWith(id));
  return begins_with_id ? words : capital(words);
}

/** Its own end stands in the sentence already. */
const worst = ({ insights }: FeatureReport) =>
  insights.find(
    ({ tone, rule, words }) =>
      tone === "worse" && !(/^(foretold|similar)$/.test(rule) && words.startsWith("It took ")),
  );
