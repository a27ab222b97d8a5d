import { expect, it } from "vitest";
import { reportOf } from "../../worker/learning/report/report.ts";
import { call, knownOf, type Step } from "../../test/sample/report-log.ts";
import type { FeatureReport } from "../../schema/wire/report.ts";
import { featureSummary } from "./feature-summary.ts";
import { reportCostText } from "./report-cost.ts";
import { reportText } from "./report-text.ts";

const steps = (title: string, id = "T-1"): Step[] => [
  [0, "feature_requested", { metadata: { title } }],
  [0, "task_created", { task_id: id, metadata: { title, files: ["a", "b", "c"] } }],
  [1, "task_claimed", { task_id: id, agent_id: title }],
  [2, "tokens_used", call(id, 4_200, 0.34)],
  [3, "test_passed", { task_id: id, metrics: { passed: 28, failed: 0 } }],
  [4, "agent_submitted", { task_id: id }],
  [5, "reviewer_approved", { task_id: id }],
  [9, "task_merged", { task_id: id }],
  [10, "feature_merged"],
  [11, "lesson_learned", { metadata: { lesson_id: "L-1", headline: title } }],
];
const whole = reportOf(knownOf(steps("Sign-in")));
const nothing = reportOf(knownOf([[0, "feature_merged"]]));

it("sums a feature up at its end: tasks, files, tests, cost, time, quality, lessons", () => {
  expect(
    featureSummary(whole)
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    "Summary of Sign-in (merged):",
    "- Tasks: 1 of 1 finished",
    "- Files: 3 files",
    "- Tests: 28 passed, 0 failed",
    "- Cost: $0.34 (reported; 4.20 k tokens)",
    "- Time: 9 min",
    "- Quality: A (approved at the first try: 1 of 1 task, last tests pass: 1 of 1 task)",
    "Lessons learned:",
    "- Sign-in",
  ]);
});

it("[M2] says of each cost where it comes from", () => {
  const cost = (of: Partial<FeatureReport["overview"]["cost"]>, tokens: number | null = 4_200): string => {
    const { overview } = whole;
    return reportCostText({
      ...overview,
      cost: { ...overview.cost, ...of },
      tokens: { ...overview.tokens, value: tokens },
    });
  };
  const mixed = { value: 0.34, reported_usd: 0.25, priced_usd: 0.09, calls: 4, unpriced_calls: 1 };
  expect(cost(mixed)).toBe(
    "$0.34 + 1 call without a price ($0.25 reported, $0.09 priced, for 3 of 4 calls; 4.20 k tokens)",
  );
  expect(cost({ value: 0.09, reported_usd: 0, priced_usd: 0.09 })).toBe("$0.09 (priced; 4.20 k tokens)");
  const unpriced = cost(
    { value: null, reported_usd: null, priced_usd: null, calls: 4, unpriced_calls: 4 },
    0,
  );
  expect(unpriced).toBe("unknown (4 calls without a price; 0 tokens)");
  expect(unpriced).not.toContain("$");
});

it("calls unknown what nobody said", () => {
  const text = featureSummary(nothing);
  for (const what of ["Files", "Tests", "Cost", "Time"]) expect(text).toContain(`${what}: unknown`);
  expect(text).toContain("Quality: not graded (No review, test, lint run or coverage of it is known");
  expect(reportText(nothing)).toContain("No task of it is known.");
});

it("prints a report with the sum behind its grade and where the time of each task went", () => {
  const text = reportText(whole);
  expect(text).toContain("Sign-in (auth): merged");
  expect(text).toContain("grade     A  0.4 × quality 100 ÷ 0.4 = 100. A is 90 and more.");
  expect(text).toMatch(/T-1 Sign-in +merged +Sign-in +1 min +3 min +5 min +4\.20 k +\$0\.34 +0/);
  expect(text).toContain("Lint passes: unknown (No lint run was reported.)");
});

it("[P2] lets no name steer the terminal", () => {
  const hostile = "\u001b]0;owned\u0007\u202ex";
  const report = reportOf(knownOf(steps(hostile, hostile)));
  for (const control of ["\u001b", "\u0007", "\u202e"])
    expect(featureSummary(report) + reportText(report)).not.toContain(control);
});
