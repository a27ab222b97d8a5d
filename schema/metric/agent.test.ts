import { describe, expect, it } from "vitest";
import { at, countLines, row, type Line } from "./testing.ts";

const counted = countLines([
  [0, "task_claimed", { task: "a", agent: "ada", role: "coder" }],
  [1, "test_failed", { task: "a", agent: "ci" }],
  [2, "lint_error_found", { task: "a", agent: "ada" }],
  [3, "test_failed", { task: "a", agent: "ci" }],
  [4, "test_passed", { task: "a", agent: "ci" }],
  [5, "lint_passed", { task: "a", agent: "ada" }],
  [5, "tokens_used", { task: "a", agent: "ada", metrics: { input_tokens: 300, output_tokens: 100 } }],
  [6, "agent_submitted", { task: "a", agent: "ada" }],
  [7, "reviewer_changes_requested", { task: "a", agent: "rev", role: "reviewer" }],
  [8, "coder_resubmitted", { task: "a", agent: "ada" }],
  [9, "reviewer_approved", { task: "a", agent: "rev" }],
  [10, "task_completed", { task: "a", agent: "ada" }],
  [11, "task_claimed", { task: "b", agent: "ada" }],
  [12, "task_failed", { task: "b", agent: "ada" }],
  [13, "task_claimed", { task: "b", agent: "ada" }],
  [14, "task_completed", { task: "b", agent: "ada" }],
  [15, "task_completed", { task: "c", agent: "bob" }],
]);
const ada = (metric: string) => row(counted, metric, { by: "agent" }, "ada");

describe("the metrics of an agent", () => {
  it.each([
    ["throughput", { value: 2, n: 2 }],
    // Told by the reviewer, about the coder.
    ["reviewer_pass_rate", { value: 0.5, n: 2 }],
    ["error_to_fix_ratio", { value: 1.5, n: 2 }],
    ["tokens_per_task", { value: 400, n: 1, excluded: 1 }],
    ["resubmissions", { value: 1, n: 1 }],
    ["retry_budget_used", { value: 0.5, n: 2 }],
  ])("%s", (metric, expected) => {
    expect(ada(metric)).toMatchObject({ ...expected, status: "unknown" });
  });
  it("count a fix of lint also when a submission came between", () => {
    const between = countLines([
      [0, "lint_error_found", { task: "a", agent: "ada" }],
      [1, "agent_submitted", { task: "a", agent: "ada" }],
      [2, "lint_error_found", { task: "a", agent: "ci" }],
      [3, "lint_passed", { task: "a", agent: "ci" }],
      [4, "lint_passed", { task: "a", agent: "ci" }],
    ]);
    expect(row(between, "error_to_fix_ratio")).toMatchObject({ value: 2, n: 1, excluded: 0 });
  });
  it("are told of whom nothing but a verdict is known in the window", () => {
    const judged = countLines([
      [0, "task_claimed", { task: "a", agent: "ada" }],
      [90, "reviewer_approved", { task: "a", agent: "rev" }],
    ]);
    const window = { from: at(60), to: at(120) };
    expect(row(judged, "reviewer_pass_rate", { by: "agent", window }, "ada")).toMatchObject({
      value: 1,
      n: 1,
    });
  });
  it("know no pass rate, of whomever, while the log tells refusals and no approval", () => {
    const refused = [
      [0, "task_claimed", { task: "a", agent: "ada" }],
      [90, "reviewer_rejected", { task: "a", agent: "rev" }],
      [91, "reviewer_changes_requested", { task: "a", agent: "rev" }],
      [92, "test_passed", { task: "a", agent: "ada" }],
      [93, "tokens_used", { task: "a", agent: "ada", metrics: { input_tokens: 1000 } }],
      [93, "task_completed", { task: "a", agent: "ada" }],
    ] as const satisfies readonly Line[];
    const unknown = { value: null, n: 0, excluded: 2, status: "unknown" };
    const log = countLines(refused);
    expect(row(log, "reviewer_pass_rate")).toMatchObject(unknown);
    expect(row(log, "reviewer_pass_rate", { by: "agent" }, "ada")).toMatchObject(unknown);
    // Nor does what is made of it count them as a quality of 0.
    expect(row(log, "efficiency_ratio").value).toBeCloseTo(1, 12);
    const approved = countLines([...refused, [94, "reviewer_approved", { task: "b", agent: "rev" }]]);
    expect(row(approved, "reviewer_pass_rate", { by: "agent" }, "ada")).toMatchObject({ value: 0, n: 2 });
  });
  it("are those of the role too", () => {
    expect(row(counted, "reviewer_pass_rate", { by: "role" }, "coder")).toMatchObject({ value: 0.5 });
  });
  it("are unknown of whom nothing is known", () => {
    expect(row(counted, "retry_budget_used", { by: "agent" }, "bob")).toMatchObject({ n: 0, value: null });
    expect(() => row(counted, "throughput", { by: "agent" }, "nobody")).toThrow();
  });
});
