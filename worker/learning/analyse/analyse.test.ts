import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { MINUTE_MS, written } from "../../insight/work/written.ts";
import type { WorkRecord } from "../../insight/work/record.ts";
import { analyse } from "./analyse.ts";
import { fileType, type FeatureCase } from "./case.ts";
import { MAX_EVIDENCE, PATTERN_RULES, type Pattern, type PatternKind } from "./pattern.ts";

interface Step {
  type: string;
  task?: string;
  agent?: string;
  minute?: number;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}
const NOON = Date.UTC(2026, 0, 5, 12);
const log = (...steps: Step[]): StoredEvent[] =>
  steps.map(({ type, task = "T", agent = "coder-a", minute, metadata, metrics }, index) => ({
    id: `e${String(index)}`,
    seq: index + 1,
    timestamp: new Date(NOON + (minute ?? index) * MINUTE_MS).toISOString(),
    received_at: new Date(NOON + 1e9).toISOString(),
    event_type: type,
    agent_id: agent,
    task_id: task,
    source: "api",
    key_id: "k",
    v: 2,
    ...(metadata === undefined ? {} : { metadata }),
    ...(metrics === undefined ? {} : { metrics }),
  }));
const task = (id: string, more: Partial<WorkRecord> = {}): WorkRecord => ({
  ...written({ minutes: 10 }),
  id,
  ...more,
});
const feature: WorkRecord = { ...written({ minutes: 60 }), id: "F", is: "feature", title: "Add rooms" };
const look = (events: readonly StoredEvent[], more: Partial<FeatureCase> = {}): Pattern[] =>
  analyse({ feature, tasks: [task("T")], events, is_cut: false, before: [], ...more });
const only = (kind: PatternKind, found: readonly Pattern[]) => found.filter((one) => one.kind === kind);
const repeat = (times: number, step: Step): Step[] => Array.from({ length: times }, () => step);

describe("each pattern speaks from its threshold on, with its evidence, and not before", () => {
  const sent_back = (category: string, task_id = "T"): Step => ({
    type: "reviewer_changes_requested",
    task: task_id,
    metadata: { category, comments: ["Two requests book one room."] },
  });

  it("review: three of the same category, over half of all", () => {
    const found = only("review", look(log(...repeat(3, sent_back("tests")), sent_back("style"))));
    expect(found).toMatchObject([
      {
        evidence: [1, 2, 3],
        effect: { value: 3, samples: 4 },
        facts: { category: "tests", comment_1: "Two requests book one room." },
      },
    ]);
    expect(look(log(...repeat(2, sent_back("tests")), sent_back("style")))).toMatchObject([
      { kind: "review", facts: { reviews: 3 } },
    ]);
    expect(only("review", look(log(...repeat(2, sent_back("tests")))))).toEqual([]);
    const scattered = ["a", "b", "c"].flatMap((id) => [sent_back("tests", id), sent_back("style", id)]);
    expect(only("review", look(log(...scattered)))).toEqual([]);
  });

  it("retry: attempts used up, with what failed each time", () => {
    const failed: Step = { type: "test_failed", metadata: { error: "expected 2, received 3" } };
    const spent: Step = { type: "retry_budget_exhausted", metrics: { attempts: 3, budget: 3 } };
    expect(only("retry", look(log(failed, failed, spent)))).toMatchObject([
      { evidence: [1, 2, 3], effect: { value: 3, usual: 3 }, facts: { error: "expected 2, received 3" } },
    ]);
    expect(only("retry", look(log(failed, failed)))).toEqual([]);
  });

  it("flaky: one named test that turns twice with nothing changed between", () => {
    const passed: Step = { type: "test_passed", metadata: { name: "reminds once" } };
    const failed: Step = { type: "test_failed", metadata: { name: "reminds once" } };
    const edit: Step = { type: "tool_called", metadata: { tool: "Edit" } };
    const read: Step = { type: "tool_called", metadata: { tool: "Read" } };
    expect(only("flaky", look(log(failed, read, passed, failed)))).toMatchObject([
      { effect: { value: 2 }, facts: { test: "reminds once" }, evidence: [3, 4] },
    ]);
    expect(only("flaky", look(log(failed, edit, passed, edit, failed)))).toEqual([]);
    // Other tests, and other tasks, are other work.
    const named = (name: string): Step => ({ type: "test_failed", metadata: { name } });
    expect(only("flaky", look(log(passed, named("b"), passed, named("c"))))).toEqual([]);
    expect(
      only("flaky", look(log(passed, { ...failed, task: "U" }, passed, { ...failed, task: "U" }))),
    ).toEqual([]);
    expect(only("flaky", look(log({ ...failed, metadata: { name: "x", flaky: true } })))).toHaveLength(1);
  });

  it("contention: three refusals of a path, or long waiting for it", () => {
    const refused: Step = {
      type: "lock_conflict",
      agent: "coder-b",
      metadata: { path: "server/routes.ts", holder_agent_id: "coder-a" },
    };
    const taken: Step = { type: "file_locked", agent: "coder-b", metadata: { path: "server/routes.ts" } };
    expect(only("contention", look(log(...repeat(3, refused))))).toMatchObject([
      { facts: { path: "server/routes.ts", agents: 2 }, time_ms: null },
    ]);
    expect(only("contention", look(log(refused, { ...taken, minute: 20 })))).toMatchObject([
      { time_ms: 20 * MINUTE_MS },
    ]);
    expect(only("contention", look(log(refused, { ...taken, minute: 14 })))).toEqual([]);
  });

  it("context: a full window in two tasks that came back, or in one that failed for good", () => {
    const full = (id: string): Step => ({
      type: "context_window_filled",
      task: id,
      metrics: { used_tokens: 180_000 },
    });
    const back = (id: string): Step => ({ type: "reviewer_changes_requested", task: id });
    const tasks = [task("T"), task("U")];
    expect(only("context", look(log(full("T"), back("T"), full("U"), back("U")), { tasks }))).toMatchObject([
      { tasks: ["T", "U"], effect: { value: 2, samples: 2 }, facts: { used_tokens: 180_000 } },
    ]);
    expect(only("context", look(log(full("T"), back("T")), { tasks }))).toEqual([]);
    expect(only("context", look(log(back("T"), full("T"), back("U"), full("U")), { tasks }))).toEqual([]);
    expect(
      only(
        "context",
        look(log(full("T"), { type: "task_failed" }), { tasks: [task("T", { outcome: "failed" })] }),
      ),
    ).toHaveLength(1);
  });

  it("loop: ten of twenty calls alike", () => {
    const call: Step = { type: "tool_called", metadata: { tool: "Bash", command: "make" } };
    expect(only("loop", look(log(...repeat(12, call))))).toMatchObject([
      { facts: { tool: "Bash" }, time_ms: 11 * MINUTE_MS },
    ]);
    expect(only("loop", look(log(...repeat(9, call))))).toEqual([]);
  });

  it("clarification: a question that stopped work for ten minutes, or in two tasks", () => {
    const asked = (id = "T"): Step => ({
      type: "clarification_requested",
      task: id,
      metadata: { question: "Is empty an error?", about_role: "architect" },
    });
    const waits: Step[] = [asked(), { type: "task_blocked" }];
    expect(
      only("clarification", look(log(...waits, { type: "task_unblocked", agent: "lead", minute: 17 }))),
    ).toMatchObject([
      { time_ms: 17 * MINUTE_MS, facts: { question: "Is empty an error?", role: "architect" } },
    ]);
    expect(only("clarification", look(log(...waits, { type: "task_unblocked", minute: 9 })))).toEqual([]);
    expect(only("clarification", look(log(asked(), asked("U"))))).toMatchObject([{ tasks: ["T", "U"] }]);
  });

  it("defect: three in one type of file, more than its share of the files explains", () => {
    const lint = (...files: string[]): Step => ({
      type: "lint_error_found",
      metadata: { files, rule: "no-floating" },
    });
    const files = ["a.svelte", ...Array.from({ length: 9 }, (_, index) => `${String(index)}.ts`)];
    const tasks = [task("T", { files })];
    expect(only("defect", look(log(...repeat(3, lint("a.svelte"))), { tasks }))).toMatchObject([
      {
        facts: { what: "lint", type: ".svelte", rules: "no-floating" },
        effect: { value: 3, usual: expect.closeTo(0.3) as number },
      },
    ]);
    expect(only("defect", look(log(...repeat(3, lint("1.ts"))), { tasks }))).toEqual([]);
    expect(only("defect", look(log(...repeat(2, lint("a.svelte"))), { tasks }))).toEqual([]);
  });

  it("handoff: handed over and back, twice", () => {
    const hand = (from_agent: string, to_agent: string): Step => ({
      type: "handoff",
      metadata: { from_agent, to_agent },
    });
    const [there, back] = [hand("planner", "coder"), hand("coder", "planner")];
    expect(only("handoff", look(log(there, back, there, back)))).toMatchObject([
      { facts: { from: "planner", to: "coder" } },
    ]);
    expect(only("handoff", look(log(there, back)))).toEqual([]);
  });

  it("reopened: after it was finished, with why, and not a new attempt after a failure", () => {
    const done: Step = { type: "task_completed", metadata: { reason: "Closed" } };
    const again: Step = { type: "task_reopened", metadata: { reason: "the export is empty" } };
    expect(
      only("reopened", look(log(done, again, { ...done, metadata: { reason: "Merged" } }))),
    ).toMatchObject([
      { evidence: [1, 2, 3], facts: { claimed: "Closed", reason: "the export is empty", missing: "Merged" } },
    ]);
    expect(only("reopened", look(log({ type: "task_failed" }, again)))).toEqual([]);
  });

  it("cause: a sentence that names one, and not a pointer elsewhere", () => {
    const closed = (reason: string): Step => ({ type: "task_completed", metadata: { reason } });
    const told = "Fixed. The root cause was a missing id in the template.\nMore text.";
    expect(only("cause", look(log(closed(told))))).toMatchObject([
      { facts: { cause: "The root cause was a missing id in the template." } },
    ]);
    expect(only("cause", look(log(closed(`Duplicate of x-1. ${told}`))))).toEqual([]);
    expect(only("cause", look(log(closed("root cause: unknown"))))).toEqual([]);
  });

  it("outlier and better: far from its like on a logarithm, and better only with a trait that is rare", () => {
    const random = seeded(3);
    const like = Array.from({ length: 60 }, (_, index) =>
      task(`old-${String(index)}`, {
        closed_at: written({ minutes: 1 }).closed_at,
        ...minutes(8 + random() * 6),
      }),
    );
    const slow = task("T", minutes(200));
    expect(only("outlier", look([], { tasks: [slow], before: like }))).toMatchObject([
      { effect: { unit: "ms", samples: 60 }, facts: { measure: "work" } },
    ]);
    expect(look([], { tasks: [task("T", minutes(12))], before: like })).toEqual([]);
    expect(look([], { tasks: [slow], before: like.slice(0, 9) })).toEqual([]);
    const fast = task("T", { ...minutes(0.5), agent_id: "coder-z" });
    expect(only("better", look([], { tasks: [fast], before: like }))).toMatchObject([
      { is_good: true, facts: { trait: "it was done by “coder-z”", trait_share: 0 } },
    ]);
    const plain = like.map((one) => ({ ...one, agent_id: "coder-z" }));
    expect(look([], { tasks: [fast], before: plain })).toEqual([]);
  });
});

const minutes = (count: number): Partial<WorkRecord> => {
  const { started_at, closed_at } = written({ minutes: count });
  return { started_at, closed_at };
};

describe("the analyst", () => {
  it("finds nothing in nothing", () => {
    expect(look([], { tasks: [] })).toEqual([]);
    expect(look(log({ type: "task_created" }, { type: "task_completed" }))).toEqual([]);
  });

  it("says the same twice, with few seqs in order, of a feature of 200 tasks", () => {
    const random = seeded(9);
    const types = [
      "test_failed",
      "reviewer_rejected",
      "lock_conflict",
      "tool_called",
      "context_window_filled",
      "handoff",
    ];
    const steps = Array.from({ length: 15_000 }, (): Step => {
      const draw = (count: number) => Math.floor(random() * count);
      return {
        type: types[draw(types.length)] ?? "",
        task: `t${String(draw(200))}`,
        agent: `a${String(draw(8))}`,
        metadata: {
          path: `p${String(draw(5))}`,
          name: "n",
          category: "c",
          tool: "Bash",
          command: "x",
          to_agent: `a${String(draw(8))}`,
        },
      };
    });
    const tasks = Array.from({ length: 200 }, (_, index) => task(`t${String(index)}`));
    const events = log(...steps);
    const found = look(events, { tasks });
    expect(look(events, { tasks })).toEqual(found);
    expect(found.length).toBeGreaterThan(5);
    for (const { evidence, kind } of found) {
      expect(evidence.length).toBeLessThanOrEqual(MAX_EVIDENCE);
      expect(evidence).toEqual(evidence.toSorted((a, b) => a - b));
      expect(PATTERN_RULES[kind].false_alarm).toBeLessThanOrEqual(0.05);
    }
  });

  it("tells types of files by their ending", () => {
    expect(["a/b.test.ts", ".env", "Makefile", "x.SVELTE", "a.b/c", "evil.<b>"].map(fileType)).toEqual([
      ".ts",
      null,
      null,
      ".svelte",
      null,
      null,
    ]);
  });
});
