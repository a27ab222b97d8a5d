/** How good the work was: metrics of the taxonomy for this feature alone, beside counts of its tasks; and its grade. */
import { gradeOf, type Against, type Grade, type QualityShare } from "../../../schema/metric/grade.ts";
import { findMetric } from "../../../schema/metric/definition.ts";
import type { FeatureReport, ReportFigure, ReportQuality } from "../../../schema/wire/report.ts";
import type { Known } from "./known.ts";
import { counted, times, UNIT_TEXT, type ReportUnit } from "./words.ts";

/** In this order. */
export const QUALITY_METRICS = [
  "reviewer_pass_rate",
  "test_coverage",
  "lint_pass_rate",
  "integration_failures",
  "reviewer_cycles",
  "resubmissions",
  "error_to_fix_ratio",
] as const;

/** Quotients that are no share of a whole. */
const PLAIN: ReadonlySet<string> = new Set(["error_to_fix_ratio"]);

/** A share of so many tasks: how many of them, of how many of which it is known. */
interface Share {
  id: string;
  label: string;
  hits: number;
  n: number;
  why: string;
}

/** Of refusals alone no share follows: an import may tell them and no approval (schema/metric/approved.ts). */
export const tellsApprovals = ({ counts }: Pick<Known, "counts">): boolean =>
  (counts.get("reviewer_approved") ?? 0) > 0;

function sharesOf(known: Pick<Known, "tasks" | "counts">): Share[] {
  const { tasks } = known;
  const reviewed = tasks.filter(({ approved, review_cycles }) => approved || review_cycles > 0);
  const judged = tellsApprovals(known) ? reviewed : [];
  const tested = tasks.filter(({ last_test }) => last_test !== null);
  const linted = tasks.filter(({ lint_failing }) => lint_failing !== null);
  return [
    {
      ...{ id: "first_pass", label: "Approved at the first try", n: judged.length },
      hits: judged.filter(({ review_cycles }) => review_cycles === 0).length,
      why:
        reviewed.length === 0
          ? "No verdict of a reviewer was reported."
          : "Reviewers' refusals were reported, and no approval.",
    },
    {
      ...{ id: "tests_pass", label: "Last tests pass", n: tested.length },
      hits: tested.filter(({ last_test }) => last_test === "passed").length,
      why: "No test run was reported.",
    },
    {
      ...{ id: "lint_passes", label: "Lint passes", n: linted.length },
      hits: linted.filter(({ lint_failing }) => lint_failing === false).length,
      why: "No lint run was reported.",
    },
  ];
}

export function qualityOf(known: Known): ReportQuality[] {
  const shares = sharesOf(known).map(({ id, label, hits, n, why }): ReportQuality => ({
    ...{ id, label, unit: "ratio", value: n === 0 ? null : hits / n, n, excluded: known.tasks.length - n },
    ...{ target: null, status: "unknown", is_share: true },
    counted: n === 0 ? null : `${hits.toLocaleString("en")} of ${counted(n, "task")}`,
    why: n === 0 ? why : null,
  }));
  const rows = QUALITY_METRICS.flatMap((id): ReportQuality[] => {
    const metric = findMetric(id);
    const row = known.rows.find(({ metric: of }) => of === id);
    if (metric === undefined || row === undefined) return [];
    const { value, n, excluded, target, status } = row;
    const why =
      value !== null
        ? null
        : `No ${metric.needs.map(({ any }) => any.map((type) => type.replaceAll("_", " ")).join(" or ")).join(", and no ")} that counts.`;
    const { label, unit } = metric;
    const is_share = unit === "ratio" && !PLAIN.has(id);
    return [{ id, label, unit, is_share, value, n, excluded, target, status, counted: null, why }];
  });
  return [...shares, ...rows];
}

export function gradeFor(
  known: Known,
  { overview, quality, bugs }: Pick<FeatureReport, "overview" | "quality" | "bugs">,
): Grade {
  const { status } = known.feature;
  const value = (id: string): number | null => quality.find((line) => line.id === id)?.value ?? null;
  const shares: [label: string, share: number | null][] = [
    ["approved at the first try", value("first_pass")],
    ["tasks whose last tests pass", value("tests_pass")],
    ["tasks whose lint passes", value("lint_passes")],
    ["code covered", value("test_coverage")],
    [
      "no bug within seven days",
      bugs.kind === "seen" && bugs.probability !== null ? 1 - bugs.probability : null,
    ],
  ];
  const { duration, cost, tokens } = overview;
  return gradeOf({
    refused:
      status === "abandoned"
        ? "It was abandoned: nothing was delivered that could be graded."
        : known.feature.closed_at === null
          ? "It is graded when it is finished."
          : null,
    quality: shares.flatMap(([label, share]): QualityShare[] => (share === null ? [] : [{ label, share }])),
    speed: against("ms", duration),
    cost:
      cost.reference !== null
        ? against("usd", cost)
        : tokens.reference !== null
          ? against("tokens", tokens)
          : against("usd", cost),
  });
}

function against(unit: ReportUnit, { reference, why }: ReportFigure): Against {
  if (reference === null)
    return {
      ratio: null,
      why: why ?? "Nothing was foretold of it, and too little like it was finished before.",
    };
  const { actual, p50, words } = reference;
  const ratio = actual / p50;
  const text = UNIT_TEXT[unit];
  return { ratio, words: `${text(actual)}, ${times(ratio)} ${words} (${text(p50)})` };
}
