import { describe, expect, it } from "vitest";
import { at, countLines, row, type Line } from "./testing.ts";

const DAY = 24 * 60;

describe("test coverage", () => {
  it("is the latest of each suite, weighted by lines", () => {
    const counted = countLines([
      [0, "coverage_measured", { data: { suite: "api" }, metrics: { coverage_percent: 10, lines: 300 } }],
      [1, "coverage_measured", { data: { suite: "api" }, metrics: { coverage_percent: 90, lines: 300 } }],
      [2, "coverage_increased", { data: { suite: "app" }, metrics: { coverage_percent: 50, lines: 100 } }],
      // A straggler: older than what is known of its suite.
      [0.5, "coverage_measured", { data: { suite: "api" }, metrics: { coverage_percent: 1, lines: 300 } }],
      [3, "coverage_measured", { data: { suite: "api" } }],
    ]);
    const found = row(counted, "test_coverage");
    expect(found.value).toBeCloseTo(0.8, 12);
    expect(found.n).toBe(4);
  });
  it("is the mean of the suites where lines are missing", () => {
    const counted = countLines([
      [0, "coverage_measured", { data: { suite: "api" }, metrics: { coverage_percent: 90, lines: 300 } }],
      [1, "coverage_measured", { data: { suite: "app" }, metrics: { coverage_percent: 50 } }],
    ]);
    expect(row(counted, "test_coverage")).toMatchObject({ value: 0.7, status: "missed" });
  });
});

describe("lint pass rate", () => {
  it("takes the last result before a submission, else the first in review; without one it is excluded", () => {
    const counted = countLines([
      [0, "task_claimed", { task: "a" }],
      [0, "lint_error_found", { task: "a" }],
      [1, "lint_passed", { task: "a" }],
      [2, "agent_submitted", { task: "a" }],
      // Told twice by two sources; the same submission.
      [2, "review_requested", { task: "a" }],
      // Of the submission that passed already.
      [3, "lint_error_found", { task: "a", agent: "ci" }],
      [4, "reviewer_changes_requested", { task: "a", agent: "reviewer" }],
      // Nothing said of this one before it; the check that runs in review is its own.
      [5, "coder_resubmitted", { task: "a" }],
      [6, "lint_error_found", { task: "a", agent: "ci" }],
      [7, "lint_passed", { task: "a", agent: "ci" }],
      [8, "agent_submitted", { task: "b" }],
    ]);
    expect(row(counted, "lint_pass_rate")).toMatchObject({ value: 0.5, n: 2, excluded: 1, status: "missed" });
    // The results are the author's, not the check's.
    expect(row(counted, "lint_pass_rate", { by: "agent" }, "coder")).toMatchObject({ n: 2 });
  });
});

describe("integration failures", () => {
  it("counts failures after the merge alone, and is unknown where nothing ran", () => {
    const counted = countLines([
      [0, "task_created", { task: "a", feature: "f" }],
      [1, "integration_failed", { task: "a" }],
      [2, "task_merged", { task: "a" }],
      [3, "integration_failed", { task: "a" }],
      [4, "integration_passed", { task: "a" }],
      [5, "integration_failed", {}],
    ]);
    expect(row(counted, "integration_failures")).toMatchObject({
      value: 2,
      n: 3,
      excluded: 1,
      status: "missed",
    });
    const none = countLines([[0, "task_merged", { task: "a" }]]);
    expect(row(none, "integration_failures")).toMatchObject({ value: null, n: 0, status: "unknown" });
  });
});

describe("bug escape rate", () => {
  const lines: Line[] = [
    [0, "feature_merged", { feature: "clean" }],
    [1, "feature_merged", { feature: "escaped" }],
    [2, "task_merged", { task: "t", feature: "by its task" }],
    [3, "feature_merged", { feature: "by its task" }],
    [4, "feature_merged", { feature: "late" }],
    [2 * DAY, "bug_reported", { feature: "escaped" }],
    [3 * DAY, "bug_reported", { task: "BUG-1", feature: "other", data: { caused_by: "t" } }],
    [4 + 7 * DAY + 1, "bug_reported", { feature: "late" }],
    [8 * DAY, "feature_merged", { feature: "young" }],
    [9 * DAY, "bug_reported", { feature: "young" }],
  ];
  it("is the share of merges of at least seven days ago with a bug in seven days; younger ones are censored", () => {
    expect(row(countLines(lines), "bug_escape_rate")).toMatchObject({
      value: 0.5,
      n: 4,
      excluded: 1,
      status: "missed",
    });
  });
  it("is unknown while all merges are young", () => {
    const young = countLines(lines.slice(0, 5));
    expect(row(young, "bug_escape_rate")).toMatchObject({
      value: null,
      n: 0,
      excluded: 4,
      status: "unknown",
    });
  });
  it("does not forget an escape when the feature is opened again to mend it, and merged anew", () => {
    const mended = countLines([
      [0, "feature_merged", { feature: "f" }],
      [60, "bug_reported", { feature: "f" }],
      [61, "feature_reopened", { feature: "f" }],
      [90, "feature_merged", { feature: "f" }],
      // After a reopening, and of the merge before it.
      [100, "feature_merged", { feature: "g" }],
      [101, "feature_reopened", { feature: "g" }],
      [102, "bug_reported", { feature: "g" }],
      [103, "feature_merged", { feature: "g" }],
      [104, "feature_merged", { feature: "clean" }],
      [9 * DAY, "agent_heartbeat"],
    ]);
    const found = row(mended, "bug_escape_rate");
    expect(found.value).toBeCloseTo(2 / 3, 12);
    expect(found).toMatchObject({ n: 3, excluded: 0, status: "missed" });
  });
  it("says nothing of an hour that is not a week old as a whole", () => {
    const merged: Line = [10, "feature_merged", { feature: "f" }];
    const week = (minutes: number) => countLines([merged, [7 * DAY + minutes, "agent_heartbeat"]]);
    // A week and 40 minutes after it, but not after the end of its hour.
    expect(row(week(50), "bug_escape_rate")).toMatchObject({ value: null, n: 0, excluded: 1 });
    expect(row(week(60), "bug_escape_rate")).toMatchObject({ value: 0, n: 1, excluded: 0, status: "met" });
  });
  it("looks at a window of merges", () => {
    const window = { from: at(0), to: at(60) };
    expect(row(countLines(lines), "bug_escape_rate", { window })).toMatchObject({
      value: 0.5,
      n: 4,
      excluded: 0,
    });
  });
});
