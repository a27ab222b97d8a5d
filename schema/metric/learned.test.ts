import { describe, expect, it } from "vitest";
import type { LearnedTarget } from "../state/entity/target.ts";
import { targetKey } from "../state/target.ts";
import type { Ask } from "./ask.ts";
import { measure, type Row } from "./measure.ts";
import { originWords } from "./reference.ts";
import { knownOf } from "./source.ts";
import { at, countLines, type Line } from "./testing.ts";

const learned = (
  metric: string,
  scope: string,
  target: number | null,
  samples = 43,
): [string, LearnedTarget] => [
  targetKey(metric, scope),
  { metric, scope, method: "order statistic", target, previous: null, samples, at: 0, seq: 1 },
];
const minutes = (n: number) => n * 60_000;
/** Of each kind one task, created, used 500 tokens on, and merged after ten minutes. */
const LINES: Line[] = ["bug", "feature"].flatMap((kind): Line[] => [
  [0, "task_created", { task: kind, data: { kind, files: ["a", "b"] } }],
  [1, "task_claimed", { task: kind, agent: "ann" }],
  [2, "tokens_used", { task: kind, agent: "ann", metrics: { input_tokens: 500 } }],
  [10, "task_merged", { task: kind, agent: "ann" }],
]);
const TARGETS = new Map([
  learned("tokens", "task", 400),
  learned("tokens", "task·bug", 600, 21),
  learned("lead", "task", minutes(9)),
  learned("lead", "task·bug", minutes(5), 30),
  learned("lead", "task·any·simple", minutes(60), 99),
  learned("lead", "task·feature", null),
]);

function rowsOf(metric: string, more: Partial<Ask> = {}, targets = TARGETS): Row[] {
  const { state, tally } = countLines(LINES);
  const known = { ...knownOf(state, tally), learned: targets };
  return measure(known, { now_ms: at(20), window: "all", metrics: [metric], ...more }).rows;
}
const one = (metric: string, more: Partial<Ask> = {}) => rowsOf(metric, more)[0];

describe("what was learned of like work", () => {
  it("is the target of the metrics that tell the same, of just that work, and says from how many", () => {
    const by_kind = rowsOf("time_to_merge", { by: "kind" }).filter(({ group }) => group !== null);
    expect(by_kind.map(({ group, target, status }) => [group, target, status])).toEqual([
      ["bug", { bound: "<", value: minutes(5), n: 30, origin: "learned" }, "missed"],
      // Nothing is learned of it: the table's own.
      ["feature", { bound: "<", value: minutes(15), n: null, origin: "fixed" }, "met"],
    ]);
    expect(one("time_to_merge", { by: "complexity" })?.target).toMatchObject({ value: minutes(60), n: 99 });
    expect(one("time_to_merge", { filter: { kind: "bug" } })?.target).toMatchObject({ value: minutes(5) });
    expect(one("time_to_merge", { filter: { kind: "bug", complexity: "simple" } })?.target).toMatchObject({
      origin: "fixed",
    });
  });

  it("is of all work together only where the table has no target", () => {
    expect(one("time_to_merge")?.target).toMatchObject({ origin: "fixed", value: minutes(15) });
    expect(one("tokens_per_task")).toMatchObject({
      status: "missed",
      target: { bound: "<=", value: 400, n: 43, origin: "learned" },
    });
    expect(rowsOf("tokens_per_task", {}, new Map())[0]).toMatchObject({ status: "unknown", target: null });
  });

  it("holds nobody who does work of many kinds", () => {
    for (const by of ["agent", "role", "model", "feature"] as const)
      expect(one("tokens_per_task", { by })?.target).toBeNull();
    expect(one("tokens_per_task", { filter: { agent: "ann" } })?.target).toBeNull();
    expect(one("tokens_per_task", { filter: { agent: "ann" }, by: "kind" })?.target).toBeNull();
  });

  it("comes after the project's own cap, and before what is usual", () => {
    const capped = one("cost_per_hour", { targets: new Map([["cost_per_hour", 3]]) });
    expect(capped?.target).toMatchObject({ bound: "<", value: 3, origin: "cap" });
    expect(one("cost_per_hour")?.target).toBeNull();
    const own = one("time_to_merge", { by: "kind", targets: new Map([["time_to_merge", 7]]) });
    expect(own?.target).toMatchObject({ value: 7, origin: "cap" });
  });

  it("is told in words; the table's own needs none", () => {
    const base = { bound: "<", value: 1 } as const;
    expect(originWords({ ...base, origin: "learned", n: 1_200 })).toBe("learned from 1,200 tasks");
    expect(originWords({ ...base, origin: "cap", n: null })).toBe("the project's cap");
    expect(originWords({ ...base, origin: "usual" })).toBe("usual before");
    expect([originWords({ ...base, origin: "fixed" }), originWords(base)]).toEqual([null, null]);
  });
});
