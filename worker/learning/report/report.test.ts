import { describe, expect, it } from "vitest";
import { featureReport } from "../../../schema/wire/report-body.ts";
import type { FeatureReport } from "../../../schema/wire/report.ts";
import { reportOf } from "./report.ts";
import { call, earlier, knownOf, MINUTE_MS, START_MS, type Step } from "../../../test/sample/report-log.ts";

const T = (id: string) => ({ task_id: id });
/** Two tasks: one at the first try, one sent back once; asked for at 0, merged at 40. */
const AUTH: Step[] = [
  [0, "feature_requested", { metadata: { title: "Add sign-in" } }],
  [0, "task_created", { ...T("T-1"), metadata: { title: "User model", files: ["a.ts"] } }],
  [0, "task_created", { ...T("T-2"), metadata: { title: "Routes", files: ["a.ts", "b.ts"] } }],
  [2, "task_claimed", T("T-1")],
  [4, "task_claimed", { ...T("T-2"), agent_id: "coder-b" }],
  [6, "tokens_used", call("T-1", 1_000, 1)],
  [10, "test_passed", { ...T("T-1"), metrics: { passed: 8, failed: 0 } }],
  [12, "agent_submitted", T("T-1")],
  [14, "reviewer_approved", { ...T("T-1"), agent_id: "rev" }],
  [15, "task_merged", T("T-1")],
  [16, "tokens_used", { ...call("T-2", 3_000, null), agent_id: "coder-b" }],
  [18, "test_failed", { ...T("T-2"), metrics: { passed: 1, failed: 1 } }],
  [20, "agent_submitted", { ...T("T-2"), agent_id: "coder-b" }],
  [24, "reviewer_changes_requested", { ...T("T-2"), agent_id: "rev" }],
  [34, "agent_submitted", { ...T("T-2"), agent_id: "coder-b" }],
  [36, "reviewer_approved", { ...T("T-2"), agent_id: "rev" }],
  [38, "task_merged", T("T-2")],
  [40, "feature_merged"],
];
const report = (steps: readonly Step[], more?: Parameters<typeof knownOf>[1]): FeatureReport =>
  featureReport.strict().parse(reportOf(knownOf(steps, more)));
const minutes = (ms: number | null): number | null => (ms === null ? null : ms / MINUTE_MS);

describe("the report of a feature", () => {
  it("counted by hand: times, tokens, cost with what is unpriced, cycles", () => {
    const { overview, tasks, totals, at, feature } = report(AUTH);
    expect([at, feature.title, feature.status]).toEqual([START_MS + 40 * MINUTE_MS, "Add sign-in", "merged"]);
    // Work began with the first claim.
    expect(minutes(overview.duration.value)).toBe(38);
    expect(overview.cost).toMatchObject({
      value: 1,
      reported_usd: 1,
      priced_usd: 0,
      calls: 2,
      unpriced_calls: 1,
    });
    expect(overview.tokens).toMatchObject({ value: 4_000, input_tokens: 4_000, output_tokens: 0 });
    expect(
      tasks.map((task) => [
        task.id,
        task.agent,
        minutes(task.waiting_ms),
        minutes(task.working_ms),
        minutes(task.review_ms),
        task.tokens,
        task.cycles,
      ]),
    ).toEqual([
      ["T-1", "coder-a", 2, 10, 3, 1_000, 0],
      ["T-2", "coder-b", 4, 26, 8, 3_000, 1],
    ]);
    expect(
      tasks[1]?.phases.map(({ phase, from, to }) => [
        phase,
        minutes(from - START_MS),
        minutes((to ?? NaN) - START_MS),
      ]),
    ).toEqual([
      ["waiting", 0, 4],
      ["working", 4, 20],
      ["review", 20, 24],
      ["working", 24, 34],
      ["review", 34, 38],
    ]);
    expect(totals).toMatchObject({
      tasks: 2,
      finished: 2,
      failed: 0,
      open: 0,
      cycles: 1,
      files: 2,
      tests_passed: 9,
      tests_failed: 1,
    });
    expect(totals.parallel).toBeCloseTo(36 / 38, 9);
  });

  it("says which tasks were called done and opened again, and nothing where none was", () => {
    const steps: Step[] = [
      [0, "feature_requested"],
      [0, "task_created", T("T-1")],
      [0, "task_created", T("T-2")],
      [2, "task_claimed", T("T-1")],
      [9, "task_completed", T("T-1")],
      [12, "task_reopened", T("T-1")],
      [20, "task_completed", T("T-1")],
      [21, "task_merged", T("T-1")],
      [22, "task_completed", T("T-2")],
      [30, "feature_merged"],
    ];
    const said = (of: readonly Step[]) => report(of).insights.filter(({ rule }) => rule === "reopened");
    expect(said(steps)).toMatchObject([
      { tone: "worse", tasks: ["T-1"], words: "1 task of 2 was called done and opened again: T-1." },
    ]);
    const twice: Step[] = [
      ...steps,
      [31, "task_reopened", T("T-2")],
      [32, "task_completed", T("T-2")],
      [33, "task_reopened", T("T-2")],
      [34, "task_completed", T("T-2")],
    ];
    expect(said(twice)[0]?.words).toBe("2 tasks of 2 were called done and opened again, T-2 2 times.");
    expect(said(AUTH)).toEqual([]);
  });

  it("makes no share of refusals where no approval was ever told", () => {
    const { quality, insights, grade } = report(
      AUTH.filter(([, type]) => type !== "reviewer_approved" && !type.startsWith("test_")),
    );
    expect(quality.find(({ id }) => id === "first_pass")).toMatchObject({
      ...{ value: null, n: 0, counted: null },
      why: "Reviewers' refusals were reported, and no approval.",
    });
    expect(insights.filter(({ rule }) => rule === "first_pass")).toEqual([]);
    expect(grade.letter).toBeNull();
  });

  it("grades it by what is known: quality alone, where nothing like it was finished", () => {
    const { grade, quality } = report(AUTH);
    // One of two at the first try, one of two with passing tests.
    expect([grade.letter, grade.score]).toEqual(["F", 50]);
    expect(grade.words).toContain("Unknown and left out: speed and cost.");
    expect(quality.find(({ id }) => id === "first_pass")).toMatchObject({
      value: 0.5,
      n: 2,
      counted: "1 of 2 tasks",
    });
    expect(quality.find(({ id }) => id === "lint_passes")).toMatchObject({
      value: null,
      why: "No lint run was reported.",
    });
  });

  it("compares with like features before it, from ten on", () => {
    const used = [600, 700, 800, 900, 1_000, 1_000, 1_100, 1_200, 1_300, 1_400];
    const whole: Step[] = [
      ...earlier(used),
      ...AUTH.map(([minute, type, more]): Step => [minute, type, more]),
    ];
    const { overview, grade, insights } = report(whole);
    expect(overview.tokens.reference).toMatchObject({ basis: "similar", p50: 1_000, actual: 4_000, n: 10 });
    expect(minutes(overview.duration.reference?.p50 ?? null)).toBe(20);
    // A call of it has no price: part of a cost is held against nothing, so the grade takes tokens.
    expect(overview.cost.reference).toBeNull();
    // log2(38 ÷ 20) = 0.926 → 52.6; log2(4) = 2 → 15; (0.4 × 50 + 0.3 × 52.6 + 0.3 × 15) ÷ 1
    expect(grade.parts.map(({ score }) => score)).toEqual([50, 52.6, 15]);
    expect([grade.letter, grade.score]).toEqual(["F", 40.3]);
    expect(insights.map(({ words }) => words)).toContain(
      "It used 4.00 k tokens, 4.0 times as much as the median of 10 features before it (1.00 k), beyond eight in ten of them (1.22 k).",
    );
    expect(report([...earlier(used.slice(1)), ...AUTH]).overview.tokens.reference).toBeNull();
  });

  it("knows nothing of the future: what closed after it is not compared with", () => {
    const later = earlier([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).map(([minute, type, more]): Step => [
      minute + 2_000,
      type,
      more,
    ]);
    expect(report([...AUTH, ...later]).overview.tokens.reference).toBeNull();
  });

  it("holds its time against what was foretold as work began", () => {
    const figures = { predicted: 30 * MINUTE_MS, high: 35 * MINUTE_MS, coverage: 0.8, samples: 41 };
    const organ = {
      agent_id: "clusterfork:insight",
      metadata: { forecast_id: "finish:auth", metric: "finish", method: "futures" },
    };
    const steps: Step[] = [
      ...AUTH.slice(0, 4),
      [2, "forecast_made", { ...organ, metrics: figures }],
      ...AUTH.slice(4),
    ];
    const { overview, insights, grade } = report(steps);
    expect(overview.duration.reference).toMatchObject({
      basis: "forecast",
      p50: 30 * MINUTE_MS,
      p80: 35 * MINUTE_MS,
      actual: 38 * MINUTE_MS,
    });
    expect(insights[0]).toMatchObject({ rule: "foretold", tone: "worse" });
    expect(insights[0]?.words).toBe(
      "It took 38 min, 27% more than what was foretold as work began, from 41 finished tasks (30 min), beyond the P80 (35 min).",
    );
    // 85 − 35 · log2(38 ÷ 30)
    expect(grade.parts[1]?.score).toBe(73.1);
  });
});

describe("what is unknown", () => {
  it("is null with its reason in a feature without tasks, and no grade", () => {
    const { overview, grade, tasks, totals, bugs, insights, recommendations } = report([
      [0, "feature_requested"],
      [5, "feature_completed"],
    ]);
    expect(overview.duration).toEqual({ value: null, why: "Nobody saw work on it begin.", reference: null });
    expect(overview.cost).toMatchObject({
      value: null,
      why: "No model call of it was reported.",
      reported_usd: null,
    });
    expect([grade.letter, tasks, totals.files, totals.working_ms, totals.tests_passed]).toEqual([
      null,
      [],
      null,
      null,
      null,
    ]);
    expect([bugs.kind, insights, recommendations]).toEqual(["unknown", [], []]);
  });
  it("is how long work took that was entered when it was over", () => {
    const { tasks } = report([
      [0, "task_created", T("T-1")],
      [0, "task_completed", T("T-1")],
      [9, "task_completed", T("T-2")],
      [9, "feature_completed"],
    ]);
    for (const task of tasks)
      expect([task.waiting_ms, task.working_ms, task.review_ms]).toEqual([null, null, null]);
  });
  it("is the grade of what is open or was given up", () => {
    const open = report(AUTH.slice(0, 12));
    expect(open.grade).toMatchObject({ letter: null, words: "It is graded when it is finished." });
    expect([open.at, open.tasks[1]?.phases.at(-1)]).toEqual([
      START_MS + 60 * MINUTE_MS,
      { phase: "working", from: START_MS + 4 * MINUTE_MS, to: null },
    ]);
    expect(minutes(open.tasks[1]?.working_ms ?? null)).toBe(56);
    const given_up = report([...AUTH.slice(0, 12), [20, "feature_abandoned"]]);
    expect(given_up.grade.letter).toBeNull();
    expect(given_up.bugs.words).toContain("was not merged");
    const done = report([...AUTH.slice(0, -1), [40, "feature_completed"]]);
    expect(done.bugs).toMatchObject({ kind: "unknown", probability: null });
    expect(done.bugs.words).toContain("nobody recorded a merge");
    // What it left open waits for nobody any more.
    expect(minutes(given_up.tasks[1]?.working_ms ?? null)).toBe(16);
  });
  it("is what costs, where a link hides it", () => {
    const hidden = report(AUTH, { hides_cost: true });
    const { cost, tokens } = hidden.overview;
    expect([
      cost.value,
      cost.reported_usd,
      tokens.value,
      tokens.input_tokens,
      hidden.tasks[0]?.tokens,
    ]).toEqual([null, null, null, null, null]);
    expect(JSON.stringify(hidden.recommendations)).not.toMatch(/"(tokens|usd)":\d/);
  });
});

describe("bugs within seven days", () => {
  const DAY = 24 * 60;
  const merged = (n: number, day: number, bug: boolean): Step[] => [
    [day * DAY, "feature_merged", { feature_id: `m-${n}` }],
    ...(bug ? [[day * DAY + 60, "bug_reported", { feature_id: `m-${n}` }] as Step] : []),
  ];
  const past = Array.from({ length: 10 }, (_, n) => merged(n, -30 + n, n < 2)).flat();
  it("are estimated from the project's own merges, with Wilson's interval", () => {
    const { bugs } = report([...past, ...AUTH]);
    expect(bugs).toMatchObject({ kind: "estimate", probability: 0.2, merged: 10, escaped: 2 });
    expect(bugs.interval?.low).toBeCloseTo(0.0567, 4);
    expect(bugs.interval?.high).toBeCloseTo(0.5098, 4);
    expect(bugs.words).toContain("20% likely (95% interval 5.7% to 51%): of 10 features");
  });
  it("are unknown where nobody ever reports any, and seen when the days are over", () => {
    const none = Array.from({ length: 10 }, (_, n) => merged(n, -30 + n, false)).flat();
    expect(report([...none, ...AUTH]).bugs).toMatchObject({ kind: "unknown", probability: null });
    const week = { now_ms: START_MS + 8 * DAY * MINUTE_MS };
    expect(report([...past, ...AUTH], week).bugs).toMatchObject({ kind: "seen", probability: 0 });
    const found = report([...AUTH, [50, "bug_reported"]]);
    expect(found.bugs).toMatchObject({ kind: "seen", probability: 1 });
    expect(found.grade.parts[0]?.words).toContain("no bug within seven days 0");
  });
});

describe("insights and recommendations", () => {
  it("name the task that took more than nine in ten alike, and what like work would have saved", () => {
    const used = [600, 700, 800, 900, 1_000, 1_000, 1_100, 1_200, 1_300, 1_400];
    const priced: Step[] = AUTH.map((step) =>
      step[1] === "tokens_used" && step[2]?.task_id === "T-2"
        ? [step[0], step[1], { ...call("T-2", 3_000, 3), agent_id: "coder-b" }]
        : step,
    );
    const { insights, recommendations } = report([...earlier(used), ...priced]);
    expect(insights.find(({ rule }) => rule === "task_tokens")).toMatchObject({
      words:
        "T-2 took 3.00 k tokens, 3.0 times as much as the median of 10 similar tasks, more than nine in ten of them.",
      tasks: ["T-2"],
    });
    expect(insights.find(({ rule }) => rule === "first_pass")?.words).toBe(
      "1 of 2 reviewed tasks passed at the first try; T-2 was sent back once.",
    );
    expect(recommendations).toEqual([
      {
        rule: "rework",
        words:
          "Settle before the first submission what the reviewer sent back: T-2. 10 similar tasks that passed at the first try used less at their median.",
        // 3,000 − 1,000 tokens at $1 a thousand.
        saving: { tokens: 2_000, usd: 2, ms: null },
        tasks: ["T-2"],
      },
    ]);
  });
  it("promise nothing where too little is alike", () => {
    const { recommendations } = report(AUTH);
    expect(recommendations).toMatchObject([
      { rule: "rework", saving: { tokens: null, usd: null, ms: null } },
    ]);
  });
  it("tell of waiting and of failed tasks", () => {
    const { insights, recommendations } = report([
      [0, "task_created", T("T-1")],
      [50, "task_claimed", T("T-1")],
      [52, "tokens_used", call("T-1", 500, 1)],
      [55, "task_failed", T("T-1")],
      [56, "feature_abandoned"],
    ]);
    expect(insights.map(({ words }) => words)).toEqual([
      "Its tasks waited 50 min in all and were worked on for 5 min.",
      "1 task failed and used 500 tokens: T-1.",
    ]);
    expect(recommendations.map(({ rule, saving }) => [rule, saving.tokens, saving.ms])).toEqual([
      ["retry", 500, null],
      ["queue", null, 50 * MINUTE_MS],
    ]);
  });
});

it("lists the lessons whose source is the feature, each once, in its newest words", () => {
  const learned = (id: string, headline: string, more: object = {}): Partial<Step[2]> => ({
    metadata: { lesson_id: id, headline, category: "pitfall", ...more },
  });
  const { lessons } = report([
    ...AUTH,
    [41, "lesson_learned", { agent_id: "clusterfork:reflection", ...learned("L-1", "Old words") }],
    [
      42,
      "lesson_learned",
      { agent_id: "clusterfork:reflection", ...learned("L-1", "Settle the schema first") },
    ],
    [43, "lesson_learned", { feature_id: "other", ...learned("L-2", "From a task", { source_task: "T-2" }) }],
    [44, "lesson_learned", learned("L-3", "Another's", { source_feature: "other" })],
    [45, "lesson_learned", { feature_id: "other", ...learned("L-4", "Nothing of it") }],
  ]);
  expect(lessons.map(({ lesson_id, headline }) => [lesson_id, headline])).toEqual([
    ["L-1", "Settle the schema first"],
    ["L-2", "From a task"],
  ]);
});
