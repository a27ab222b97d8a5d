import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_CLOSED_TASKS } from "../state/limits.ts";
import type { Usage } from "../state/entity/usage.ts";
import type { Ask } from "./ask.ts";
import { Sharing, type Part, type Spent } from "./attribution.ts";
import { NOBODY } from "./cell.ts";
import { tokensOf } from "./fact.ts";
import { measure, type Row } from "./measure.ts";
import { knownOf } from "./source.ts";
import { at, countLines, type Counted, type Line, type Told } from "./testing.ts";

const CENT = 0.01;

function call(minute: number, told: Told, tokens: number, cost_usd?: number, priced = false): Line {
  const metrics = { input_tokens: tokens, ...(cost_usd === undefined ? {} : { cost_usd }) };
  return [
    minute,
    "tokens_used",
    { ...told, ...(priced ? { data: { cost_source: "priced" } } : {}), metrics },
  ];
}

function answer({ state, tally }: Counted, ask: Partial<Ask> = {}) {
  const asked = { window: "all", by: "feature", metrics: ["cost"], attribute: true } as const;
  return measure(knownOf(state, tally), { now_ms: state.time, ...asked, ...ask });
}

function rowOf(counted: Counted, group: string | null, ask: Partial<Ask> = {}): Row {
  const found = answer(counted, ask).rows.find((row) => row.group === group);
  return found ?? expect.unreachable(`no row of ${String(group)}`);
}

/** Amounts to the billionth of a dollar. */
function spent(calls: number, known_calls: number, reported_usd: number, priced_usd: number, tokens: number) {
  const close = (value: number): unknown => expect.closeTo(value, 9);
  const usd = { reported_usd: close(reported_usd), priced_usd: close(priced_usd) };
  return { calls: close(calls), known_calls: close(known_calls), ...usd, tokens };
}
const NOTHING = spent(0, 0, 0, 0, 0);

/** Two tasks of one feature and one of another at once, all of one coder; a reviewer without any. */
const PARALLEL: Line[] = [
  [0, "task_claimed", { task: "a1", feature: "add-auth", role: "coder" }],
  [0, "task_claimed", { task: "a2", feature: "add-auth", role: "coder" }],
  [1, "task_claimed", { task: "b1", feature: "search", role: "coder" }],
  call(1, { task: "a1", role: "coder" }, 100, 0.2),
  call(1, { feature: "search", role: "coder" }, 50, 0.1, true),
  // Of three tasks two are of add-auth: $0.06 + $0.02 reported and priced, and 2/3 of a call without a price.
  call(2, { role: "coder" }, 10, 9 * CENT),
  call(2, { role: "coder" }, 0, 3 * CENT, true),
  call(3, { role: "coder" }, 0),
  call(3, { agent: "rev", role: "reviewer" }, 7, 4 * CENT),
  [4, "task_completed", { task: "a1" }],
  // As the next five minutes begin.
  [5, "task_completed", { task: "a2" }],
  // In them one task is left.
  call(6, { role: "coder" }, 20, 5 * CENT),
  [12, "task_claimed", { task: "a3", feature: "add-auth" }],
];

describe("the cost of features that are worked on at once", () => {
  it("[M1] is their own calls', and a part of their agents' other calls by the tasks held then", () => {
    const counted = countLines(PARALLEL);
    expect(rowOf(counted, "add-auth")).toMatchObject({
      value: 0.2,
      attributed: { own: spent(1, 1, 0.2, 0, 100), shared: spent(2, 4 / 3, 0.06, 0.02, 6) },
    });
    expect(rowOf(counted, "search")).toMatchObject({
      attributed: { own: spent(1, 1, 0, 0.1, 50), shared: spent(2, 5 / 3, 0.03 + 0.05, 0.01, 24) },
    });
    const rest = rowOf(counted, null);
    // Before sharing it is all that names no feature.
    expect(rest.value).toBeCloseTo(0.21, 9);
    expect(rest.attributed).toEqual({
      own: NOTHING,
      shared: NOTHING,
      unassigned: spent(1, 1, 0.04, 0, 7),
    });
    expect(answer(counted).attribution).toEqual({ from: null, why: null });
  });

  it("is that of one feature by role, also where all of a role's part is shared", () => {
    const lines: Line[] = [
      ...PARALLEL,
      [1, "task_claimed", { agent: "qa", role: "qa", task: "a9", feature: "add-auth" }],
      call(3, { agent: "qa", role: "qa" }, 5, 1 * CENT),
    ];
    const of = (role: string) =>
      rowOf(countLines(lines), role, { by: "role", filter: { feature: "add-auth" } });
    expect(of("coder").attributed).toEqual({
      own: spent(1, 1, 0.2, 0, 100),
      shared: spent(2, 4 / 3, 0.06, 0.02, 6),
    });
    expect(of("qa")).toMatchObject({ value: null, n: 0, attributed: { shared: spent(1, 1, 0.01, 0, 5) } });
  });

  it("is of the window that was asked for", () => {
    const window = { from: at(5), to: at(10) };
    const counted = countLines(PARALLEL);
    const { rows } = answer(counted, { window });
    expect(rows.map(({ group }) => group)).toEqual(["add-auth", "search", null]);
    // What closed as it began had no part in it.
    expect(rowOf(counted, "add-auth", { window }).attributed).toEqual({ own: NOTHING, shared: NOTHING });
    expect(rowOf(counted, "search", { window }).attributed).toEqual({
      own: NOTHING,
      shared: spent(1, 1, 0.05, 0, 20),
    });
  });

  it("changes nothing where nobody asked for it, or features are not told apart", () => {
    const counted = countLines(PARALLEL);
    for (const ask of [{ attribute: false }, { by: "role" }, { by: undefined }] as const) {
      const told = answer(counted, ask);
      expect(told).not.toHaveProperty("attribution");
      for (const row of told.rows) expect(row).not.toHaveProperty("attributed");
    }
    const { attribution, rows } = answer(counted);
    expect(attribution).toBeDefined();
    const plain = rows.map(({ attributed: _, ...row }) => row);
    expect(plain).toEqual(answer(counted, { attribute: false }).rows);
  });
});

describe("what is not shared", () => {
  it("is a call whose agent's task has no feature, or is another's now, or was closed before it was claimed", () => {
    const counted = countLines([
      [0, "task_claimed", { task: "loose" }],
      [0, "task_claimed", { task: "a1", feature: "add-auth" }],
      [0, "task_claimed", { task: "a2", feature: "add-auth", agent: "other" }],
      [3, "task_completed", { task: "early", feature: "search" }],
      call(1, {}, 10, 0.1),
    ]);
    expect(rowOf(counted, "add-auth").attributed?.shared).toEqual(spent(0.5, 0.5, 0.05, 0, 5));
    expect(rowOf(counted, null).attributed?.unassigned).toEqual(spent(0.5, 0.5, 0.05, 0, 5));
    const closed = countLines([
      [0, "task_completed", { task: "a1", feature: "add-auth" }],
      [2, "task_claimed", { task: "a1" }],
      call(2, {}, 10, 0.1),
    ]);
    expect(rowOf(closed, null).attributed?.unassigned).toEqual(spent(1, 1, 0.1, 0, 10));
  });

  it("is what the archive tells, and what came before tasks were forgotten; both say why", () => {
    const { state, tally } = countLines(PARALLEL);
    const { tasks_from: _, ...archived } = knownOf(state, tally);
    const ask: Ask = { now_ms: state.time, window: "all", by: "feature", metrics: ["cost"], attribute: true };
    const history = measure(archived, ask);
    expect(history.rows.map(({ attributed }) => attributed)).toEqual([null, null, null]);
    expect(history.attribution?.why).toMatch(/live state/);

    const many: Line[] = Array.from({ length: MAX_CLOSED_TASKS + 1 }, (_, n): Line[] => [
      [n < 2 ? 0 : 10, "task_claimed", { task: `t${n}`, feature: n % 2 === 0 ? "even" : "odd" }],
      ...(n === 1 ? [call(1, {}, 10, 1)] : []),
      [n < 2 ? 2 : 11, "task_completed", { task: `t${n}` }],
    ]).flat();
    const forgotten = countLines([...many, call(12, {}, 10, 1)]);
    expect(forgotten.state.counters.forgotten_tasks).toBe(1);
    // The slot of the first call held two tasks, of which one is gone: the other must not get both parts.
    expect(rowOf(forgotten, null).attributed?.unassigned).toEqual(spent(1, 1, 1, 0, 10));
    expect(rowOf(forgotten, "odd").attributed?.shared.calls).toBeCloseTo(0.5, 3);
    expect(answer(forgotten).attribution).toMatchObject({ from: at(2), why: expect.any(String) as string });
  });

  it("is a cell of what was put together: nobody knows whether its calls named a feature", () => {
    const { state } = countLines(PARALLEL);
    const sharing = new Sharing([...state.open_tasks.values(), ...state.closed_tasks.values()], -Infinity);
    const slot = { start_ms: at(0), span_ms: 300_000 };
    const of = { ...NOBODY, agent: "coder" };
    const nobodys: Part[] = [{ feature: null, from: 0, to: 1 }];
    expect(sharing.parts(slot, { of, detail: 2 }).map(({ feature }) => feature)).toEqual([
      "add-auth",
      "search",
    ]);
    expect(sharing.parts(slot, { of, detail: 1 })).toEqual(nobodys);
    expect(sharing.parts(slot, { of: NOBODY, detail: 2 })).toEqual(nobodys);
  });
});

const agent = fc.constantFrom("ann", "bob", "cem");
const task = fc.constantFrom("t1", "t2", "t3", "t4", "t5", "t6");
const feature = fc.constantFrom("f1", "f2", "f3", undefined);
/** Up to three days, so that slots of all kinds are there; times come in any order. */
const minute = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 4_320 }));
const line = fc
  .record({
    ...{ minute, agent, task, feature },
    type: fc.constantFrom("task_created", "task_claimed", "task_started", "handoff", "task_completed"),
    /** Also of neither, and of a task whose feature nobody knows yet. */
    names: fc.constantFrom("nothing", "task", "feature"),
    calls: fc.boolean(),
    tokens: fc.integer({ min: 0, max: 1_000_000 }),
    micros: fc.option(fc.integer({ min: 0, max: 50_000_000 }), { nil: undefined }),
    priced: fc.boolean(),
  })
  .map((drawn): Line => {
    const { calls, names, tokens, micros, priced } = drawn;
    const of = drawn.feature === undefined ? {} : { feature: drawn.feature };
    const whose = names === "task" ? { task: drawn.task } : names === "feature" ? of : {};
    if (calls)
      return call(
        drawn.minute,
        { agent: drawn.agent, ...whose },
        tokens,
        micros === undefined ? undefined : micros / 1e6,
        priced,
      );
    const data = drawn.type === "handoff" ? { data: { to_agent: "bob" } } : {};
    return [drawn.minute, drawn.type, { agent: drawn.agent, task: drawn.task, ...of, ...data }];
  });

const usageOf = (usage: Usage): Spent => ({
  calls: usage.calls,
  known_calls: usage.reported_calls + usage.priced_calls,
  reported_usd: usage.reported_usd,
  priced_usd: usage.priced_usd,
  tokens: tokensOf(usage),
});

function expectSpent(found: Spent, expected: Spent): void {
  expect(found.tokens).toBe(expected.tokens);
  for (const name of ["calls", "known_calls", "reported_usd", "priced_usd"] as const)
    expect(Math.abs(found[name] - expected[name]), name).toBeLessThan(1e-9);
}

it("[M1] own, shared and unassigned add up to the project's usage, and own is the feature's", () => {
  let shared_calls = 0;
  let unassigned_calls = 0;
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
      const counted = countLines(lines);
      const sum = { calls: 0, known_calls: 0, reported_usd: 0, priced_usd: 0, tokens: 0 };
      for (const { group, attributed } of answer(counted).rows) {
        if (!attributed) return expect.unreachable("not attributed");
        const { own, shared, unassigned } = attributed;
        for (const spent of [own, shared, ...(unassigned === undefined ? [] : [unassigned])])
          for (const name of ["calls", "known_calls", "reported_usd", "priced_usd", "tokens"] as const) {
            expect(spent[name]).toBeGreaterThanOrEqual(0);
            sum[name] += spent[name];
          }
        expect(Number.isInteger(shared.tokens)).toBe(true);
        shared_calls += shared.calls;
        unassigned_calls += unassigned?.calls ?? 0;
        const { open_features, closed_features } = counted.state;
        if (group === null) continue;
        const feature = open_features.get(group) ?? closed_features.get(group);
        expectSpent(own, usageOf(feature?.usage ?? expect.unreachable(group)));
      }
      expectSpent(sum, usageOf(counted.state.usage));
    }),
    { numRuns: 600 },
  );
  // The control: there was something of each.
  expect(shared_calls).toBeGreaterThan(100);
  expect(unassigned_calls).toBeGreaterThan(100);
});
