/** Events of known types whose fields sit in the wrong place: they are left out, and counted. */
import { expect, it } from "vitest";
import { countLines, row, type Line } from "./testing.ts";

const excludedOf = (metric: string, lines: readonly Line[]) => {
  const { value, n, excluded } = row(countLines(lines), metric);
  return { value, n, excluded };
};

it("a coverage among the metadata, or of more than all, is no measurement", () => {
  const lines: Line[] = [
    [0, "coverage_measured", { data: { coverage_percent: 91 } }],
    [1, "coverage_increased", { metrics: { coverage_percent: 910 } }],
    [2, "coverage_measured", { metrics: { coverage: 91 } }],
  ];
  expect(excludedOf("test_coverage", lines)).toEqual({ value: null, n: 0, excluded: 3 });
  expect(
    excludedOf("test_coverage", [...lines, [3, "coverage_measured", { metrics: { coverage_percent: 91 } }]]),
  ).toEqual({ value: 0.91, n: 1, excluded: 3 });
});

it.each(["time_to_review", "lint_pass_rate", "resubmissions"])(
  "a submission that names its task among the metadata is left out of %s",
  (metric) => {
    const lines: Line[] = [
      [0, "task_claimed", { task: "a" }],
      [1, "lint_passed", { task: "a" }],
      [2, "agent_submitted", { data: { task_id: "a" } }],
      [3, "review_requested", {}],
    ];
    expect(excludedOf(metric, lines)).toEqual({ value: null, n: 0, excluded: 2 });
    const { n, excluded } = excludedOf(metric, [...lines, [4, "agent_submitted", { task: "a" }]]);
    expect([n, excluded]).toEqual([1, 2]);
  },
);

it("calls with their tokens among the metadata are no task of zero tokens", () => {
  const call = (task: string, told: Line[2]): Line => [0, "tokens_used", { task, feature: "F", ...told }];
  const lines: Line[] = [
    call("a", { data: { input_tokens: 4_000 } }),
    [1, "task_completed", { task: "a", feature: "F" }],
    [2, "feature_completed", { feature: "F" }],
  ];
  for (const metric of ["tokens_per_task", "tokens_per_feature"])
    expect(excludedOf(metric, lines)).toEqual({ value: null, n: 0, excluded: 1 });
  expect(
    excludedOf("tokens_per_task", [
      ...lines,
      [3, "tokens_used", { task: "b", metrics: { input_tokens: 300 } }],
      [4, "task_completed", { task: "b" }],
    ]),
  ).toEqual({ value: 300, n: 1, excluded: 1 });
});
