import { describe, expect, it } from "vitest";
import { apply, createState } from "../state/apply.ts";
import { MAX_CLOSED_TASKS } from "../state/limits.ts";
import { busyEvent } from "../state/testing.ts";
import { measure, type Ask } from "./measure.ts";
import { knownOf } from "./source.ts";
import { createCell, NOBODY, type Subjects } from "./cell.ts";
import { DAY_MS, FINE_MS, HOUR_MS } from "./slot.ts";
import { createSums, addSums, type Sums } from "./sums.ts";
import { MAX_CELLS, Tally } from "./tally.ts";
import { at, count, countLines, eventOf, row, type Line } from "./testing.ts";

const spans = (tally: Tally) =>
  [...tally.slots()]
    .map(({ start_ms, span_ms }) => [span_ms, start_ms])
    .sort((a, b) => (a[1] ?? 0) - (b[1] ?? 0));

function sumOf(tally: Tally): Sums {
  const sum = createSums();
  for (const { cells } of tally.slots()) for (const { sums } of cells.values()) addSums(sum, sums);
  return sum;
}

describe("the slots of a tally", () => {
  it("are five minutes, then hours, then days, as the log's time goes on", () => {
    const beat = (minutes: number): Line => [minutes, "agent_heartbeat"];
    const { tally } = countLines([beat(1), beat(3), beat(4), beat(7)]);
    expect(spans(tally)).toEqual([
      [FINE_MS, at(0)],
      [FINE_MS, at(5)],
    ]);
    const begun: Line = [0, "task_started", { task: "a" }];
    const later = countLines([begun, beat(3), beat(4), beat(7), beat(181), beat(182)]);
    // The hour of silence from 12:07 is down, slot by slot; what is older than 13:00 is of the hour.
    expect(spans(later.tally).slice(0, 2)).toEqual([
      [HOUR_MS, at(0)],
      [FINE_MS, at(60)],
    ]);
    const old = countLines([begun, beat(0), beat(2), [20 * 24 * 60, "task_started", { agent: "other" }]]);
    expect(spans(old.tally)[0]).toEqual([DAY_MS, at(-12 * 60)]);
    expect(sumOf(old.tally).up_ms).toBe(2 * 60_000);
  });

  it("[S1] are the same bytes when the tally is stored and loaded at any seq", () => {
    const whole = createState();
    const tally = new Tally();
    whole.observer = tally;
    const revived = createState();
    for (let seq = 1; seq <= 6_000; seq += 1) {
      apply(whole, busyEvent(seq));
      apply(revived, busyEvent(seq));
      if (seq % 97 !== 0) continue;
      const stored = revived.observer instanceof Tally ? revived.observer : tally;
      revived.observer = Tally.decode(stored.now_ms, structuredClone(stored.encode()));
    }
    expect(JSON.stringify((revived.observer as Tally).encode())).toBe(JSON.stringify(tally.encode()));
  });

  it("tell what changed since they were stored, and what went", () => {
    const { state, tally } = countLines([[0, "task_started"]]);
    expect([...tally.changed().keys()]).toEqual([`${FINE_MS}:${at(0)}`]);
    tally.noteStored();
    expect(tally.changed().size).toBe(0);
    apply(state, eventOf([1, "agent_heartbeat"], 2));
    expect([...tally.changed().values()]).toHaveLength(1);
    tally.noteStored();
    apply(state, eventOf([200, "task_started", { agent: "other" }], 3));
    const changed = tally.changed();
    expect(changed.get(`${FINE_MS}:${at(0)}`)).toBe(null);
    expect(changed.get(`${HOUR_MS}:${at(0)}`)).toMatchObject({ start_ms: at(0), span_ms: HOUR_MS });
  });

  it("[S5] stay below the limit of cells, lose no sum, and keep the newest apart", () => {
    const tally = new Tally();
    const of = (n: number): Subjects => ({ ...NOBODY, feature: `f-${n}`, agent: `a-${n % 7}` });
    for (let n = 0; n < 3 * MAX_CELLS; n += 1)
      tally.cell(at(0) + (n % 1_000) * HOUR_MS, of(n)).sums.calls += 1;
    const cells = [...tally.slots()].reduce((sum, slot) => sum + slot.cells.size, 0);
    expect(cells).toBeLessThanOrEqual(MAX_CELLS);
    expect(sumOf(tally).calls).toBe(3 * MAX_CELLS);
  });

  it("[S1] tell until when they are put together, keep the totals, and tell it after they were stored, too", () => {
    const days = 9;
    const lines: Line[] = Array.from({ length: MAX_CELLS + 4_000 }, (_, n) => [
      (n * days * 24 * 60) / (MAX_CELLS + 4_000),
      "tokens_used",
      { agent: `a-${n % 3}`, feature: `f-${n}`, metrics: { input_tokens: 1, cost_usd: 1 } },
    ]);
    const counted = countLines(lines);
    const ask = { now_ms: counted.state.time, metrics: ["cost"] };
    const of = (more: Partial<Ask>, tally = counted.tally) =>
      measure(knownOf(counted.state, tally), { ...ask, window: "all", ...more });

    const by_feature = of({ by: "feature" });
    expect(by_feature.truncated_until).toBeGreaterThan(at(0));
    expect(by_feature.truncated_until).toBeLessThan(counted.state.time);
    const rest = by_feature.rows.find(({ group }) => group === null);
    // One event each: whoever is told apart has one, and the rest is in no group.
    expect(by_feature.rows.filter(({ group }) => group !== null).every(({ n }) => n === 1)).toBe(true);
    expect((rest?.n ?? 0) + by_feature.rows.length - 1 + by_feature.omitted_groups).toBe(lines.length);
    expect(of({ filter: { feature: "f-1" } }).truncated_until).toBe(by_feature.truncated_until);
    // Neither the totals nor the agents lost anything, nor did the last day.
    expect(of({})).toMatchObject({ truncated_until: null, rows: [{ n: lines.length }] });
    const by_agent = of({ by: "agent" });
    expect(by_agent.truncated_until).toBe(null);
    expect(by_agent.rows.reduce((sum, { n }) => sum + n, 0)).toBe(lines.length);
    expect(of({ by: "feature", window: { from: counted.state.time - 3_600_000 } }).truncated_until).toBe(
      null,
    );

    // What was put together by days is asked for by days: a window holds what its beginning says.
    const week = of({ window: { from: at(36 * 60) } });
    const from = week.window.from ?? 0;
    expect(from % DAY_MS).toBe(0);
    expect(week.rows[0]?.n).toBe(lines.filter(([minutes]) => at(minutes) >= from).length);

    const stored = Tally.decode(counted.tally.now_ms, structuredClone(counted.tally.encode()));
    expect(of({ by: "feature" }, stored)).toEqual(by_feature);
  });
});

describe("what leaves the hot state", () => {
  it("stays in the tally: the metrics are those of all tasks", () => {
    const tasks = MAX_CLOSED_TASKS + 500;
    const lines: Line[] = [];
    for (let n = 0; n < tasks; n += 1) {
      lines.push([n, "task_claimed", { task: `t${n}`, feature: `f${n}` }]);
      lines.push([n + 0.5, "agent_submitted", { task: `t${n}` }]);
      lines.push([n + 0.6, "task_completed", { task: `t${n}` }]);
      lines.push([n + 0.7, "feature_merged", { feature: `f${n}` }]);
    }
    const counted = countLines(lines);
    expect(counted.state.counters.forgotten_tasks).toBe(500);
    expect(row(counted, "time_to_review")).toMatchObject({ value: 30_000, n: tasks });
    expect(row(counted, "features_per_hour")).toMatchObject({ n: tasks });
    expect(row(counted, "throughput", { by: "agent" }, "coder")).toMatchObject({ n: tasks });
  });
});

describe("a cell's subjects", () => {
  it("are never those of another, whatever their text is", () => {
    const { tally } = count([]);
    const pairs: [Partial<Subjects>, Partial<Subjects>][] = [
      [{ feature: "a" }, { role: "a" }],
      [{ feature: "1:a" }, { feature: "1", role: "a" }],
      [{ feature: "-" }, { feature: null }],
      [{ feature: "" }, { feature: null }],
      [
        { agent: "x", model: "3:y-z" },
        { agent: "x3:y", model: "z" },
      ],
    ];
    for (const [a, b] of pairs)
      expect(tally.cell(at(0), { ...NOBODY, ...a })).not.toBe(tally.cell(at(0), { ...NOBODY, ...b }));
    const empty = createSums();
    addSums(empty, createCell(NOBODY).sums);
    expect(empty).toEqual(createSums());
  });
});
