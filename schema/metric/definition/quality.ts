import { coverageOf } from "../coverage.ts";
import { mean, needs, type Metric } from "../metric.ts";
import { SUBMITTED } from "./need.ts";

export const QUALITY: readonly Metric[] = [
  {
    id: "test_coverage",
    label: "Test coverage",
    category: "quality",
    unit: "ratio",
    direction: "up",
    target: { kind: "fixed", bound: ">", value: 0.8 },
    words: "The share of the code that tests run through, as last measured.",
    formula:
      "the latest coverage_percent of each suite in the window ÷ 100, weighted by lines where every suite says how many, else their mean; without a figure of 0 to 100: excluded",
    excludes: "measurements without a coverage_percent of 0 to 100 in their metrics",
    needs: [needs("coverage_measured", "coverage_increased")],
    read: ({ sums, coverage }) => ({
      value: coverageOf(coverage),
      n: sums.coverage_runs,
      excluded: sums.coverage_excluded,
    }),
  },
  {
    id: "lint_pass_rate",
    label: "Lint pass rate",
    category: "quality",
    unit: "ratio",
    direction: "up",
    target: { kind: "fixed", bound: ">", value: 0.98 },
    words: "The share of submissions to review that passed lint.",
    formula:
      "submissions whose last lint result before them, else the first while in review, is a pass ÷ submissions with a result; without one, or without a task: excluded",
    excludes: "submissions without a lint result, or that name no task",
    needs: [SUBMITTED, needs("lint_passed", "lint_error_found")],
    read: ({ sums }) => {
      const known = sums.lint_passed + sums.lint_failed;
      return mean(sums.lint_passed, known, Math.max(0, sums.submissions - known) + sums.loose_submissions);
    },
  },
  {
    id: "integration_failures",
    label: "Integration failures",
    category: "quality",
    unit: "count",
    direction: "down",
    target: { kind: "fixed", bound: "=", value: 0 },
    words: "How often the tests after a merge failed.",
    formula:
      "integration_failed events about merged work; runs before the merge: excluded; unknown where none ran after it",
    excludes: "runs before the merge",
    needs: [needs("integration_passed", "integration_failed")],
    read: ({ sums }) => {
      const n = sums.integration_passed + sums.integration_failed;
      return { value: n === 0 ? null : sums.integration_failed, n, excluded: sums.integration_early };
    },
  },
  {
    id: "bug_escape_rate",
    label: "Bug escape rate",
    category: "quality",
    unit: "ratio",
    direction: "down",
    target: { kind: "fixed", bound: "<", value: 0.02 },
    words: "The share of merged features in which a bug was found within seven days.",
    formula:
      "merged features with a bug_reported up to 7 days after a merge of them ÷ features merged in the window at least 7 days ago, by whole hours; younger ones are excluded, for nobody knows yet",
    excludes: "features merged less than 7 days ago",
    needs: [needs("feature_merged")],
    read: ({ sums, censored }) => mean(sums.escaped_features, sums.merged_features, censored),
  },
];
