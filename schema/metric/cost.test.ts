import { describe, expect, it } from "vitest";
import { COMPLEXITIES, type ComplexityBounds } from "./complexity.ts";
import { at, countLines, row, type Line, type Told } from "./testing.ts";

const call = (told: Told, tokens: number, cost_usd?: number, priced = false): Told => ({
  ...told,
  data: { model: "m-1", ...(priced ? { cost_source: "priced" } : {}) },
  metrics: { input_tokens: tokens, ...(cost_usd === undefined ? {} : { cost_usd }) },
});

/** A feature of so many files that takes so many tokens. */
function feature(id: string, minute: number, files: number, tokens: number): Line[] {
  return [
    [minute, "task_created", { task: `t-${id}`, feature: id }],
    [minute, "tokens_used", call({ task: `t-${id}` }, tokens)],
    [minute, "task_completed", { task: `t-${id}`, metrics: { files_changed: files } }],
    [minute, "feature_merged", { feature: id }],
  ];
}

describe("tokens per feature", () => {
  const before = [1, 2, 3, 4, 5].flatMap((n) => [
    ...feature(`s${n}`, n, 2, 1_000),
    ...feature(`c${n}`, n, 30, 10_000),
  ]);
  const window = { from: at(60), to: at(120) };
  it("is held against features of the same complexity", () => {
    const counted = countLines([...before, ...feature("x", 70, 3, 1_000), ...feature("y", 80, 25, 11_000)]);
    const found = row(counted, "tokens_per_feature", { window });
    // Usual for one simple and one complex: 5,500.
    expect(found).toMatchObject({ value: 6_000, n: 2, target: { bound: "<" }, status: "met" });
    expect(found.target?.value).toBeCloseTo(6_050, 9);
  });
  it("has no target for what is new here, and leaves out features without a call", () => {
    const counted = countLines([
      ...before,
      ...feature("m", 70, 10, 1_000),
      [71, "feature_merged", { feature: "idle" }],
    ]);
    expect(row(counted, "tokens_per_feature", { window })).toMatchObject({
      value: 1_000,
      n: 1,
      excluded: 1,
      target: null,
      status: "unknown",
    });
    expect(row(counted, "tokens_per_feature", { window, by: "complexity" }, "medium")).toMatchObject({
      n: 1,
    });
  });
});

describe("complexity", () => {
  it("is sorted by the bounds that were set: fewer than the first are simple, more than the second complex", () => {
    const counted = countLines([
      ...feature("a", 1, 2, 1_000),
      ...feature("b", 2, 3, 2_000),
      ...feature("c", 3, 4, 4_000),
    ]);
    const sizes = (complexity?: ComplexityBounds) =>
      COMPLEXITIES.map((size) => row(counted, "throughput", { filter: { complexity: size }, complexity }).n);
    expect(sizes()).toEqual([3, 0, 0]);
    expect(sizes({ medium_from: 3, medium_to: 3 })).toEqual([1, 1, 1]);
    expect(sizes({ medium_from: 1, medium_to: 3 })).toEqual([0, 2, 1]);
  });
});

describe("cost", () => {
  it("[M2] is what is known of the money, and how much of it was priced; unknown calls are excluded", () => {
    const counted = countLines([
      [0, "tokens_used", call({}, 10, 1.5)],
      [1, "tokens_used", call({}, 10, 0.5, true)],
      [2, "tokens_used", call({}, 10)],
      [70, "tokens_used", call({ agent: "other" }, 10, 2)],
    ]);
    expect(row(counted, "cost")).toMatchObject({ value: 4, n: 3, excluded: 1, target: null });
    expect(row(counted, "priced_cost")).toMatchObject({ value: 0.5, n: 3, excluded: 1 });
    expect(row(counted, "cost", { by: "agent" }, "other")).toMatchObject({ value: 2, n: 1, excluded: 0 });
    const unpriced = countLines([[0, "tokens_used", call({}, 10)]]);
    for (const metric of ["cost", "priced_cost"])
      expect(row(unpriced, metric)).toMatchObject({ value: null, n: 0, excluded: 1 });
  });
});

describe("cost per hour", () => {
  it("is what is known of the money by hours with work; unknown calls are excluded", () => {
    const counted = countLines([
      [0, "tokens_used", call({}, 10, 1.5)],
      [1, "tokens_used", call({}, 10, 0.5, true)],
      [2, "tokens_used", call({}, 10)],
      [70, "tokens_used", call({ agent: "other" }, 10, 2)],
    ]);
    // In two clock hours, of which the log spans 70 minutes.
    expect(row(counted, "cost_per_hour")).toMatchObject({
      value: 4 / (70 / 60),
      n: 3,
      excluded: 1,
      target: null,
      status: "unknown",
    });
    const capped = row(counted, "cost_per_hour", { targets: new Map([["cost_per_hour", 1.9]]) });
    expect(capped).toMatchObject({ target: { bound: "<", value: 1.9 }, status: "missed" });
    expect(row(counted, "cost_per_hour", { by: "agent" }, "coder")).toMatchObject({ value: 2 });
    expect(row(counted, "cost_per_hour", { filter: { model: "m-1" } })).toMatchObject({
      value: 4 / (70 / 60),
    });
    expect(row(counted, "cost_per_hour", { filter: { model: "m-2" } })).toMatchObject({ value: null, n: 0 });
  });
  it("is never $0 where no price is known", () => {
    expect(row(countLines([[0, "tokens_used", call({}, 10)]]), "cost_per_hour")).toMatchObject({
      value: null,
      excluded: 1,
    });
  });
});

describe("efficiency", () => {
  it("is the mean of the known parts of quality per 1,000 tokens of a task", () => {
    const counted = countLines([
      [0, "task_claimed", { task: "a" }],
      [1, "tokens_used", call({ task: "a" }, 1_500)],
      [2, "test_passed", { task: "a", metrics: { passed: 9, failed: 1 } }],
      [3, "reviewer_changes_requested", { task: "a", agent: "r" }],
      [4, "reviewer_approved", { task: "a", agent: "r" }],
      [5, "task_completed", { task: "a" }],
      [6, "task_completed", { task: "b" }],
    ]);
    // Approval 0.5, tests 0.9; 1,500 tokens a task.
    const found = row(counted, "efficiency_ratio");
    expect(found.value).toBeCloseTo(0.7 / 1.5, 12);
    expect(found).toMatchObject({ n: 1, excluded: 1, status: "unknown" });
  });
  it("is held against what was usual before", () => {
    const task = (n: number, minute: number, tokens: number): Line[] => [
      [minute, "tokens_used", call({ task: `t${n}` }, tokens)],
      [minute, "reviewer_approved", { task: `t${n}`, agent: "r" }],
      [minute, "task_completed", { task: `t${n}` }],
    ];
    const usual = [1, 2, 3, 4, 5].flatMap((n) => task(n, n, 2_000));
    const counted = countLines([...usual, ...task(6, 70, 1_000)]);
    expect(row(counted, "efficiency_ratio", { window: { from: at(60), to: at(120) } })).toMatchObject({
      value: 1,
      target: { bound: ">", value: 0.5 },
      status: "met",
    });
  });
});
