/** The end of a feature in a few lines. What no event said is called unknown; words of events are cleaned (P2). */
import { duration } from "../../schema/event/describe/duration.ts";
import type { FeatureReport } from "../../schema/wire/report.ts";
import { reportCostText } from "./report-cost.ts";
import { clean } from "./terminal.ts";

const INDENT = "           ";

export function featureSummary(report: FeatureReport): string {
  const { feature, totals, overview, grade, lessons } = report;
  const { tests_passed: passed, tests_failed: failed } = totals;
  const coverage = report.quality.find(({ id }) => id === "test_coverage")?.value ?? null;
  const covered = coverage === null ? "" : ` (${Math.round(coverage * 100)}% coverage)`;
  const asked_ms =
    feature.closed_at === null || feature.created_at === null ? null : feature.closed_at - feature.created_at;
  const took_ms = overview.duration.value ?? asked_ms;
  const lines = [
    `Tasks: ${totals.tasks === 0 ? "none known" : `${totals.finished} of ${totals.tasks} finished`}`,
    `Files: ${totals.files === null ? "unknown" : `${totals.files_at_least ? "at least " : ""}${counted(totals.files, "file")}`}`,
    `Tests: ${passed === null || failed === null ? "unknown" : `${passed} passed, ${failed} failed`}${covered}`,
    `Cost: ${reportCostText(overview)}`,
    `Time: ${took_ms === null ? "unknown" : duration(took_ms)}`,
    `Quality: ${grade.letter ?? "not graded"} (${clean(qualityWords(report), 200)})`,
  ];
  const title = clean(feature.title ?? feature.id, 100);
  return [
    `${INDENT}Summary of ${title} (${feature.status}):`,
    ...lines.map((line) => `${INDENT}  - ${line}`),
    ...(lessons.length === 0 ? [] : [`${INDENT}Lessons learned:`]),
    ...lessons.map(({ headline, lesson_id }) => `${INDENT}  - ${clean(headline ?? lesson_id)}`),
  ].join("\n");
}

/** What the grade rests on, else why there is none. */
function qualityWords({ grade, totals, quality }: FeatureReport): string {
  const shares = quality.filter(({ counted: of }) => of !== null);
  if (grade.letter === null && shares.length === 0) return grade.words;
  const cycles = totals.cycles === 0 ? [] : [`sent back ${counted(totals.cycles, "time")}`];
  const parts = shares.map(({ label, counted: of }) => `${label.toLowerCase()}: ${of ?? ""}`);
  const all = [...parts, ...cycles].join(", ");
  return grade.letter === null ? `${grade.words} ${all}` : all === "" ? grade.words : all;
}

const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
