import { describe, expect, it } from "vitest";
import { measure } from "./measure.ts";
import { knownOf } from "./source.ts";
import { at, countLines, row, type Line } from "./testing.ts";

const MINUTE_MS = 60_000;

describe("features per hour", () => {
  // Work in the hours from 12 and from 14, five features: 2.5 per active hour; three hours and 20 minutes of wall time.
  const lines: Line[] = [
    [0, "task_started", { task: "t", feature: "f1" }],
    [10, "feature_merged", { feature: "f1" }],
    [20, "feature_completed", { feature: "f2" }],
    [30, "feature_abandoned", { feature: "f3" }],
    [130, "feature_merged", { feature: "f4" }],
    [131, "feature_merged", { feature: "f5" }],
    [132, "feature_merged", { feature: "f6" }],
    [200, "agent_heartbeat"],
  ];
  it("divides by the hours with work", () => {
    expect(row(countLines(lines), "features_per_hour")).toMatchObject({
      value: 2.5,
      n: 5,
      target: { bound: ">", value: 1.5 },
      status: "met",
      previous: null,
    });
  });
  it("counts of the first clock hour and the current one what the log spans: never below the rate of the wall", () => {
    // 12:50 to 14:10, in three clock hours: 80 minutes.
    const begun: Line[] = [
      [50, "task_started", { task: "t", feature: "f1" }],
      [70, "feature_merged", { feature: "f1" }],
      [130, "feature_merged", { feature: "f2" }],
    ];
    expect(row(countLines(begun), "features_per_hour").value).toBeCloseTo(1.5);
    expect(row(countLines(begun), "features_per_wall_hour").value).toBeCloseTo(1.5);
    // Less than an hour is none to go by.
    const burst = countLines([
      [50, "task_started"],
      [51, "feature_merged", { feature: "f1" }],
    ]);
    expect(row(burst, "features_per_hour").value).toBe(1);
  });
  it("draws a line that is 0 where there was work and no merge, in a log old enough to say", () => {
    const told = countLines([
      [0, "task_started", { task: "t", feature: "f1" }],
      [61, "task_progress", { task: "t", feature: "f1" }],
      [150, "feature_merged", { feature: "f1" }],
      [180, "task_progress", { task: "u" }],
    ]);
    const { series } = row(told, "features_per_hour", { window: "all", points: 3 });
    expect(series?.values.slice(0, 3)).toEqual([0, 0, 1]);
  });
  it("has the hours of the wall beside it", () => {
    expect(row(countLines(lines), "features_per_wall_hour")).toMatchObject({ value: 5 / (200 / 60), n: 5 });
  });
  it("compares a window with the one before it", () => {
    const counted = countLines(lines);
    // 13:30 to 15:20, and 11:40 to 13:30 before it: three in one active hour, two in another.
    const found = row(counted, "features_per_hour", { window: { from: at(90), to: at(200) } });
    expect(found).toMatchObject({ value: 3, previous: 2, change: 1 });
  });
  it("is unknown of a role, an agent or a model, who have no feature for themselves: never 0", () => {
    const told = countLines([
      [0, "agent_initialized", { agent: "ada", data: { role: "coder", model: "m-1" } }],
      [1, "task_started", { agent: "ada", role: "coder", task: "t", feature: "f1" }],
      ...lines.slice(1),
    ]);
    for (const by of ["role", "agent", "model"] as const)
      for (const ask of [{ by }, { filter: { [by]: "ada" } }]) {
        const now_ms = told.state.time;
        const { rows } = measure(knownOf(told.state, told.tally), {
          now_ms,
          window: "all",
          points: 12,
          ...ask,
        });
        const found = rows.filter(({ metric }) => metric.startsWith("features_per_"));
        expect(found.length).toBeGreaterThan(0);
        for (const one of found) {
          expect(one).toMatchObject({ value: null, n: 0, excluded: 0, status: "unknown" });
          expect(one.series?.values.every((value) => value === null)).toBe(true);
        }
      }
    expect(row(told, "features_per_hour")).toMatchObject({ n: 5 });
  });
  it("is unknown before any work and in a project's first two hours, and 0 where work finished nothing", () => {
    expect(row(countLines([]), "features_per_hour")).toMatchObject({ value: null, n: 0, status: "unknown" });
    const begun = countLines([[0, "task_started", { task: "t" }]]);
    for (const metric of ["features_per_hour", "features_per_wall_hour"]) {
      expect(row(begun, metric, { now_ms: at(119) })).toMatchObject({ value: null, n: 0, status: "unknown" });
      expect(row(begun, metric, { now_ms: at(120) })).toMatchObject({ value: 0, n: 0 });
    }
    expect(row(begun, "features_per_hour", { now_ms: at(120) }).status).toBe("missed");
  });
});

describe("time to review", () => {
  it("is the mean from claim to first submission; without a claim or backwards it is excluded", () => {
    const counted = countLines([
      [0, "task_claimed", { task: "a" }],
      [4, "agent_submitted", { task: "a" }],
      [9, "coder_resubmitted", { task: "a" }],
      [10, "task_claimed", { task: "b" }],
      [18, "review_requested", { task: "b" }],
      [20, "agent_submitted", { task: "unclaimed" }],
      [30, "agent_submitted", { task: "late" }],
      [31, "task_claimed", { task: "late" }],
    ]);
    // 4 and 8 minutes; of "late" the claim came after the submission.
    expect(row(counted, "time_to_review")).toMatchObject({
      value: 6 * MINUTE_MS,
      n: 2,
      excluded: 2,
      status: "missed",
    });
  });
});

describe("time to merge", () => {
  it("is the mean from creation to merge of tasks", () => {
    const counted = countLines([
      [0, "task_created", { task: "a" }],
      [10, "task_merged", { task: "a" }],
      [0, "task_created", { task: "b" }],
      [12, "task_merged", { task: "b" }],
      [13, "task_merged", { task: "never created" }],
      [14, "task_completed", { task: "not merged" }],
    ]);
    expect(row(counted, "time_to_merge")).toMatchObject({
      value: 11 * MINUTE_MS,
      n: 2,
      excluded: 1,
      status: "met",
    });
  });
  it("leaves out what was merged before it was created, by its clock", () => {
    const counted = countLines([
      [10, "task_merged", { task: "a" }],
      [20, "task_created", { task: "a" }],
    ]);
    expect(row(counted, "time_to_merge")).toMatchObject({
      value: null,
      n: 0,
      excluded: 1,
      status: "unknown",
    });
  });
});

describe("reviewer cycles", () => {
  it("counts refusals before the approval", () => {
    const counted = countLines([
      [0, "agent_submitted", { task: "a" }],
      [1, "reviewer_changes_requested", { task: "a", agent: "reviewer" }],
      [2, "coder_resubmitted", { task: "a" }],
      [3, "reviewer_rejected", { task: "a", agent: "reviewer" }],
      [4, "coder_resubmitted", { task: "a" }],
      [5, "reviewer_approved", { task: "a", agent: "reviewer" }],
      [6, "agent_submitted", { task: "b" }],
      [7, "reviewer_approved", { task: "b", agent: "reviewer" }],
      [8, "agent_submitted", { task: "c" }],
      [9, "reviewer_rejected", { task: "c", agent: "reviewer" }],
      [10, "task_failed", { task: "c" }],
    ]);
    expect(row(counted, "reviewer_cycles")).toMatchObject({ value: 1, n: 2, excluded: 1, status: "met" });
  });
});
