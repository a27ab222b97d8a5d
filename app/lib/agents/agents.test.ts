/** The pure parts of the agents page. */
import { describe, expect, it } from "vitest";
import type { AgentMetric, Performance } from "../../../schema/metric/performance.ts";
import { DID_NOTHING } from "../../../schema/metric/did.ts";
import { quartilesOf } from "../../../schema/metric/verdict.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { createUsage } from "../../../schema/state/usage.ts";
import { createFormat } from "../format/format.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { readAgentPlace, withAgentPlace } from "./address.ts";
import { aliasesOf, letters } from "./alias.ts";
import { behind, boardOf } from "./board.ts";
import { coachingOf } from "./coaching.ts";
import { COLUMNS } from "./column.ts";
import { driftOf, LEAST_SCORES } from "./drift.ts";
import { AGENT_TABLE, agentNumbers } from "./headline.ts";
import { lanesOf } from "./lanes.ts";
import { leaderboardsOf } from "./leaderboard.ts";
import { holdOrder } from "./order.ts";
import { foldQuiet } from "./quiet.ts";
import { AGENT_PAGE_TABLE, type AgentPageNumbers } from "./page-headline.ts";
import { ALL_ROWS, sightOf } from "./sight.ts";
import { headText, pipText } from "./words.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;
const format = createFormat({ locale: "en-GB", time_zone: "UTC", now_ms: NOW });

type Given = Partial<Record<string, number | null | Partial<AgentMetric>>>;
const TARGETS: Partial<Record<string, AgentMetric["target"]>> = {
  test_coverage: { bound: ">", value: 0.8 },
  escalation_rate: { bound: "<", value: 0.05 },
};

function performances(
  given: Record<string, Given>,
  more: Record<string, Partial<Performance>> = {},
): Performance[] {
  const rows = Object.entries(given).flatMap(([group, metrics]) =>
    Object.entries(metrics).map(([metric, each]) => {
      const part = typeof each === "object" && each !== null ? each : { value: each ?? null };
      const value = part.value ?? null;
      const target = TARGETS[metric] ?? null;
      const met =
        target === null || value === null
          ? null
          : target.bound === ">"
            ? value > target.value
            : value < target.value;
      const status = met === null ? "unknown" : met ? "met" : "missed";
      return {
        metric,
        group,
        n: 20,
        excluded: 0,
        target,
        status,
        previous: null,
        change: null,
        ...part,
        value,
      } as const;
    }),
  );
  return Object.keys(given).map((id) => ({
    ...{ id, role: "coder", did: { ...DID_NOTHING, tasks: 20 }, pip: null },
    verdict: { words: "as usual", rule: "compared", reasons: [] },
    metrics: rows
      .filter(({ group }) => group === id)
      .map(({ group: _group, ...row }) => ({ ...row, peers: quartilesOf(rows, row.metric) })),
    ...more[id],
  }));
}
const task = (id: string, more: Partial<Task> = {}): Task =>
  ({
    ...{
      id,
      title: null,
      feature_id: null,
      assignee: "a",
      role: "coder",
      status: "done",
      usage: createUsage(),
    },
    ...{
      claimed_at: null,
      started_at: null,
      closed_at: null,
      updated_at: NOW,
      review_cycles: 0,
      attempts: 1,
    },
    ...{ tests_failed: 0, escalations: 0, failure_reason: null },
    ...more,
  }) as Task;

describe("the address", () => {
  it("holds all that is shown, and nothing else is an error", () => {
    expect(readAgentPlace(new URLSearchParams("period=30d&by=role&pick=a&names=letters"))).toEqual({
      ...{ period: "30d", by: "role", agent: null, pick: "a", anonymous: true },
    });
    expect(readAgentPlace(new URLSearchParams("period=all")).period).toBe("all");
    expect(readAgentPlace(new URLSearchParams("period=ever&by=<b>&agent="))).toMatchObject({
      ...{ period: "7d", by: "agent", agent: null },
    });
    expect(withAgentPlace(new URLSearchParams("at=3&by=role"), { by: "agent", agent: "a b" })).toBe(
      "?at=3&agent=a+b",
    );
  });
});

describe("letters for names", () => {
  it("go on after Z", () => {
    expect([0, 25, 26, 701, 702].map(letters)).toEqual(["A", "Z", "AA", "ZZ", "AAA"]);
  });
  it("are one for each name, and follow neither the alphabet nor the order given", () => {
    const names = Array.from({ length: 30 }, (_, i) => `agent-${String(i).padStart(2, "0")}`);
    const aliases = aliasesOf([...names, ...names], "Agent");
    expect(new Set(aliases.values()).size).toBe(30);
    expect(names.map((name) => aliases.get(name))).not.toEqual(names.map((_, i) => `Agent ${letters(i)}`));
    expect(aliasesOf(names.toReversed(), "Agent")).toEqual(aliases);
  });
});

describe("the table", () => {
  it("has nine columns, each of a known metric", () => {
    expect(COLUMNS).toHaveLength(9);
  });
  it("puts a plan that is due first, then misses, then who lies behind the peers", () => {
    const board = boardOf({
      performances: performances(
        {
          fine: { test_coverage: 0.9, throughput: 5 },
          slow: { test_coverage: 0.9, throughput: 1 },
          missing: { test_coverage: 0.5, throughput: 5 },
          plan: { test_coverage: 0.9, throughput: 5 },
          other: { test_coverage: 0.9, throughput: 5 },
        },
        { plan: { pip: { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms: NOW } } },
      ),
    });
    expect(board.rows.map(({ id }) => id)).toEqual(["plan", "missing", "slow", "fine", "other"]);
    const [, missing] = board.rows;
    expect(missing?.cells.filter((cell) => cell.missed).map(({ column }) => column.head)).toEqual([
      "Coverage",
    ]);
    expect(board.rows[2]?.cells.some((cell) => behind(cell) > 0)).toBe(true);
  });
  it("says what a column is held against: a target, else what is usual", () => {
    const { heads } = boardOf({
      performances: performances({
        a: { test_coverage: 0.9, throughput: 4 },
        b: { test_coverage: 0.7, throughput: 2 },
      }),
    });
    const text = (head: string) => {
      const found = heads.find(({ column }) => column.head === head);
      return found === undefined ? expect.unreachable() : headText(format, found);
    };
    expect(text("Coverage")).toBe("> 80%");
    expect(text("Throughput")).toBe("median 3/h");
    expect(text("Retries")).toBe("no target");
  });
  it("shows unknown figures as unknown, and marks those of few samples", () => {
    const [row] = boardOf({
      performances: performances({ a: { test_coverage: null, throughput: { value: 1, n: 1 } } }),
    }).rows;
    const cell = (head: string) => row?.cells.find(({ column }) => column.head === head);
    expect(cell("Coverage")).toMatchObject({ value: null, missed: false, thin: false, peers: [] });
    expect(cell("Throughput")).toMatchObject({ thin: true });
    expect(cell("Uptime")).toMatchObject({ row: undefined, value: null });
  });
  it("takes what rests on nothing for unknown, and holds nobody against it", () => {
    const idle = { throughput: { value: 0, n: 0 } };
    const { rows, heads } = boardOf({
      performances: performances({ a: { throughput: 4 }, b: { throughput: 2 }, idle, rests: idle }),
    });
    const cells = rows.map(({ id, cells: [first] }) => [id, first?.value, first?.peers.length]);
    expect(Object.fromEntries(cells.map(([id, value]) => [id, value]))).toEqual({
      ...{ a: 4, b: 2, idle: null, rests: null },
    });
    expect(cells.find(([id]) => id === "a")?.[2]).toBe(1);
    expect(heads[0]?.median).toBe(3);
  });
  it("says why a plan is required, by how much, and since when", () => {
    const [failing] = performances(
      { a: {} },
      { a: { pip: { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms: NOW } } },
    );
    const pip = { metric: "test_coverage", value: 0.64, target: 0.8, gap: -0.16, since_ms: NOW };
    const [missing] = performances({ a: { test_coverage: 0.64 } }, { a: { pip } });
    if (failing === undefined || missing === undefined) expect.unreachable();
    expect(pipText(format, failing)).toBe("three tasks failed in a row, since 23 Nov");
    expect(pipText(format, missing)).toBe(
      "Test coverage 64% against > 80%, 16 pt off, since 23 Nov, 3 days on end",
    );
  });
});

describe("agents without a figure", () => {
  it("are folded, but for one whose plan is due, and whoever has any figure stays in the table", () => {
    const { rows } = boardOf({
      performances: performances(
        { works: { throughput: 4 }, speaks: {}, idle: { throughput: { value: 0, n: 0 } }, plan: {} },
        { plan: { pip: { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms: NOW } } },
      ),
    });
    const { told, quiet } = foldQuiet(rows);
    expect(told.map(({ id }) => id)).toEqual(["plan", "works"]);
    expect(quiet.map(({ id }) => id)).toEqual(["idle", "speaks"]);
    expect(foldQuiet([])).toEqual({ told: [], quiet: [] });
  });
});

describe("the order of the rows", () => {
  const keys = (rows: string[], held: string[] | null) => holdOrder(rows, held, (row) => row);
  it("holds while somebody points at it: what is new comes last, what is gone leaves", () => {
    expect(keys(["c", "a", "new"], ["a", "b", "c"])).toEqual(["a", "c", "new"]);
    expect(keys(["c", "a"], null)).toEqual(["c", "a"]);
  });
});

describe("the rows in sight", () => {
  it("are all of a short table", () => {
    expect(sightOf(Array<number>(ALL_ROWS).fill(48), 0, 900)).toMatchObject({
      from: 0,
      to: ALL_ROWS,
      below_px: 0,
    });
  });
  it("are those around the window of a long one, and empty rows hold the rest open", () => {
    const heights = Array.from({ length: 1_000 }, (_, i) => (i < 2 ? 72 : 48));
    const whole = heights.reduce((sum, px) => sum + px, 0);
    for (const top of [-200, 0, 20_000, whole, whole * 9]) {
      const { from, to, above_px, below_px } = sightOf(heights, top, 900);
      const drawn = heights.slice(from, to).reduce((sum, px) => sum + px, 0);
      expect(above_px + drawn + below_px).toBe(whole);
      expect(to - from).toBeLessThan(60);
      expect(to).toBeGreaterThan(from);
    }
    const { above_px, from, to } = sightOf(heights, 20_000, 900);
    expect(above_px).toBeLessThanOrEqual(20_000);
    expect(above_px + heights.slice(from, to).reduce((sum, px) => sum + px, 0)).toBeGreaterThanOrEqual(
      20_900,
    );
  });
});

describe("the leaderboards", () => {
  it("put the median of tokens at 50, and quality as pass rate × coverage", () => {
    const row = (tokens: number, pass: number, coverage: number, was: number) => ({
      tokens_per_task: { value: tokens, previous: tokens },
      reviewer_pass_rate: { value: pass, previous: was },
      test_coverage: { value: coverage, previous: coverage },
    });
    const [efficiency, quality] = leaderboardsOf(
      performances({
        cheap: row(50, 0.9, 0.9, 0.8),
        usual: row(100, 0.5, 1, 0.5),
        dear: row(300, 0.8, 0.5, 1),
      }),
    );
    expect(efficiency?.leaders.map(({ id, index }) => [id, Math.round(index)])).toEqual([
      ["cheap", 67],
      ["usual", 50],
      ["dear", 25],
    ]);
    expect(quality?.words).toBe("pass rate × coverage");
    expect(quality?.leaders.map(({ id, index, change }) => [id, Math.round(index), change])).toEqual([
      ["cheap", 81, 9],
      ["usual", 50, 0],
      ["dear", 40, -10],
    ]);
  });
  it("tell nobody apart by less than chance", () => {
    const tokens = (...values: number[]) =>
      leaderboardsOf(
        performances(
          Object.fromEntries(
            values.map((value, index) => [
              `agent-${index}`,
              { tokens_per_task: value, reviewer_pass_rate: 0.7, test_coverage: 0.9 },
            ]),
          ),
        ),
      ).map(({ told_apart, ranked }) => [told_apart, ranked]);
    expect(tokens(406, 419, 444)).toEqual([
      [false, 3],
      [false, 3],
    ]);
    expect(tokens(300, 419, 444)[0]).toEqual([true, 3]);
    expect(tokens(300)[0]).toEqual([true, 1]);
  });
  it("rank nobody by one lucky task, and say which index it is without coverage", () => {
    const [, quality] = leaderboardsOf(
      performances({
        lucky: { reviewer_pass_rate: { value: 1, n: 1 } },
        steady: { reviewer_pass_rate: { value: 0.7, n: 9 } },
      }),
    );
    expect(quality).toMatchObject({ words: "pass rate", ranked: 1 });
    expect(quality?.leaders).toEqual([{ id: "steady", index: 70, change: null }]);
  });
});

describe("coaching", () => {
  const places = {
    task: ({ id }: Task) => `/task/${id}`,
    events: (type: string): string | null => `/events/${type}`,
    metric: (metric: string) => `/metric/${metric}`,
    agent: "/agent",
  };
  const coach = (given: Record<string, Given>, more = {}, tasks: Task[] = [], at = places) => {
    const row = boardOf({ performances: performances(given, more) }).rows.find(({ id }) => id === "a");
    return row === undefined ? expect.unreachable() : coachingOf(row, tasks, at, format);
  };
  it("names a row of failures, and leads to each", () => {
    const tasks = [1, 2, 3].map((i) =>
      task(`t${i}`, { status: "failed", closed_at: NOW - i, failure_reason: i === 1 ? "tests" : null }),
    );
    const pip = { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms: NOW };
    expect(coach({ a: {} }, { a: { pip } }, tasks)).toMatchObject({
      finding: "Three tasks failed in a row",
      evidence: "One of them says why.",
      steps: [{ href: "/task/t1" }, { href: "/task/t2" }, { href: "/task/t3" }],
    });
  });
  it("takes the target that is missed by most of itself", () => {
    const said = coach({ a: { test_coverage: 0.7, escalation_rate: 0.2 } }, {}, [
      task("calm"),
      task("asked", { escalations: 4, title: "Asked <b>" }),
    ]);
    expect(said).toMatchObject({ finding: "Asks a person too often", metric: "escalation_rate" });
    expect(said.evidence).toBe("Escalation rate 20% from 20; target < 5%.");
    expect(said.steps).toEqual([
      { text: "Open Asked <b>: escalated four times", href: "/task/asked" },
      { text: "Read what it asked", href: "/events/escalated_to_user" },
      { text: "See its escalation rate over time", href: "/metric/escalation_rate" },
    ]);
  });
  it("asks for no events of a role", () => {
    const said = coach({ a: { test_coverage: 0.7 } }, {}, [], { ...places, events: () => null });
    expect(said.steps.map(({ href }) => href)).toEqual(["/metric/test_coverage"]);
  });
  it("compares with peers where no target is missed, and is silent where nothing stands out", () => {
    const throughput = (value: number) => ({ throughput: value });
    const others = { b: throughput(10), c: throughput(11), d: throughput(12), e: throughput(10) };
    const verdict = { words: "slower", rule: "compared", reasons: ["throughput 90 % below the median"] };
    expect(coach({ a: throughput(1), ...others }, { a: { verdict } }).finding).toBe(
      "Closes fewer tasks than its peers",
    );
    expect(coach({ a: throughput(11), ...others }).finding).toBe("Nothing to coach");
  });
  it("names no weakness that the verdict calls as usual, nor one that is noise", () => {
    const of = (metric: string, own: number, n = 20) => {
      const peer = (value: number) => ({ [metric]: value });
      return coach({
        a: { [metric]: { value: own, n } },
        ...{ b: peer(2.18), c: peer(2.19), d: peer(2.18), e: peer(2.21) },
      }).finding;
    };
    // Far beyond the quartiles, which lie close together, and 6 % off the median.
    expect(of("throughput", 2.05)).toBe("Nothing to coach");
    expect(of("resubmissions", 2.3)).toBe("Nothing to coach");
    expect(of("resubmissions", 4)).toBe("Submits again more often than its peers");
    expect(of("resubmissions", 4, 1)).toBe("Nothing to coach");
  });
  it("says nothing of who is new", () => {
    const verdict = { words: "new, ramping up", rule: "ramping up", reasons: ["2 closed tasks"] };
    expect(coach({ a: { throughput: 1 }, b: { throughput: 9 } }, { a: { verdict } })).toMatchObject({
      finding: "New, ramping up",
      metric: null,
    });
  });
});

describe("the sentence", () => {
  const say = (given: Record<string, Given>, more = {}) =>
    textOf(
      headlineOf(
        AGENT_TABLE,
        agentNumbers(boardOf({ performances: performances(given, more) }).rows, {
          by: "agent",
          over: "last 7 days",
          nameOf: (id) => id.toUpperCase(),
          hrefOf: (id) => `?pick=${id}`,
        }),
      ),
    );
  const pip = { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms: NOW };
  const good = { test_coverage: 0.9 };
  const bad = { test_coverage: 0.5 };
  it.each<[Record<string, Given>, object, string]>([
    [{}, {}, "No agent worked in the last 7 days."],
    [{ a: { throughput: 1 } }, {}, "One agent worked, and nothing is known that has a target."],
    [{ a: good, b: good }, {}, "Both agents that can be judged meet their targets."],
    [{ a: good, b: bad }, {}, "B misses a target."],
    [
      { a: good, b: good, c: good },
      { a: { pip } },
      "A requires a Performance Improvement Plan. The other two agents that can be judged meet their targets.",
    ],
    [
      { a: good, b: bad, c: {} },
      { a: { pip } },
      "A requires a Performance Improvement Plan. B also misses a target. Of one too little is known.",
    ],
    [
      { a: { test_coverage: { value: 0.9, n: 2 } } },
      {},
      "The one agent that can be judged meets its targets so far.",
    ],
  ])("of %j", (given, more, text) => {
    expect(say(given, more)).toBe(text);
  });
  it("names who lies behind its peers, of whom the coaching speaks, where all targets are met", () => {
    const like = (resubmissions: number) => ({ throughput: { value: 1, n: 40 }, ...good, resubmissions });
    const team = { a: like(0.9), b: like(0.3), c: like(0.3), d: like(0.3), e: like(0.3) };
    expect(say(team)).toBe(
      "All five agents that can be judged meet their targets; A lies behind its peers in resubmissions.",
    );
    expect(say({ ...team, b: like(0.8), f: like(0.3), g: like(0.3), h: like(0.3) })).toMatch(
      /; A lies behind its peers in resubmissions, and one other lies behind too\.$/,
    );
  });
  const page = (part: Partial<AgentPageNumbers>) =>
    textOf(
      headlineOf(AGENT_PAGE_TABLE, {
        ...{ name: "Agent A", known: true, now: null, done: 0, failed: 0, over: "last 7 days", plan: null },
        drift: { kind: "unknown" },
        ...part,
      }),
    );
  it.each<[Partial<AgentPageNumbers>, string]>([
    [{ known: false }, "Of Agent A nothing is known here."],
    [{}, "Agent A closed no task in the last 7 days."],
    [
      { now: { text: "T-1" }, done: 3, failed: 1, drift: { kind: "slower", n: 30 } },
      "Agent A works on T-1. Three tasks done and one task failed in the last 7 days. Its tasks have become slower than those of its role.",
    ],
    [
      { plan: "three tasks failed in a row", failed: 3, drift: { kind: "calm", n: 20 } },
      "Agent A requires a Performance Improvement Plan: three tasks failed in a row. No tasks done and three tasks failed in the last 7 days. No drift.",
    ],
    [{ done: 2 }, "Agent A: two tasks done and none failed in the last 7 days."],
    [{ now: { text: "T-1" } }, "Agent A works on T-1. No task closed in the last 7 days."],
  ])("of one agent, %j", (part, text) => {
    expect(page(part)).toBe(text);
  });
});

describe("drift", () => {
  const closed = (assignee: string, hours: number[], role = "coder") =>
    hours.map((each, i) =>
      task(`${assignee}-${i}`, {
        ...{ assignee, role, started_at: NOW - each * HOUR_MS - (hours.length - i) * 1_000 },
        closed_at: NOW - (hours.length - i) * 1_000,
      }),
    );
  const usual = (n: number) => Array.from({ length: n }, (_, i) => 1 + (i % 5) * 0.1);
  it("is unknown of few tasks, and of none of its own", () => {
    expect(driftOf("a", "coder", closed("a", [1, 2, 3]))).toBeNull();
    expect(driftOf("a", "coder", closed("b", usual(40)))).toBeNull();
  });
  it("sees tasks that became longer, and not those of ordinary length", () => {
    const peers = closed("b", usual(60));
    const calm = driftOf("a", "coder", [...peers, ...closed("a", usual(30))]);
    expect(calm?.speaks).toBe(true);
    expect(calm?.points.filter(({ is_out }) => is_out)).toEqual([]);
    const slow = driftOf("a", "coder", [
      ...peers,
      ...closed("a", [...usual(LEAST_SCORES), ...Array<number>(10).fill(4)]),
    ]);
    expect(slow?.points.at(-1)).toMatchObject({ is_out: true });
    expect(slow?.points.at(-1)?.value).toBeGreaterThan(0);
  });
  it("passes over tasks whose clocks run backwards", () => {
    const odd = task("odd", { started_at: NOW, closed_at: NOW - HOUR_MS });
    const made = driftOf("a", "coder", [...closed("a", usual(12)), odd]);
    expect(made?.points).toHaveLength(12);
  });
});

describe("the timeline", () => {
  it("puts what overlaps into lanes of its own, and leaves out what was before", () => {
    const at = (id: string, from: number, to: number | null) => task(id, { started_at: from, closed_at: to });
    const { bars, lanes } = lanesOf(
      [
        at("before", 0, 10),
        at("first", 50, 150),
        at("beside", 120, 160),
        at("after", 150, 180),
        at("open", 190, null),
      ],
      100,
      200,
    );
    expect(bars.map(({ task: { id }, lane }) => [id, lane])).toEqual([
      ["first", 0],
      ["beside", 1],
      ["after", 0],
      ["open", 0],
    ]);
    expect(lanes).toBe(2);
    expect(bars[0]).toMatchObject({ from: 0, to: 0.5, open: false });
    expect(bars.at(-1)).toMatchObject({ from: 0.9, to: 1, open: true });
  });
});
