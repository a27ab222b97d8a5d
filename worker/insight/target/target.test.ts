import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breachRisk } from "./breach.ts";
import { MAX_SAMPLE, Pool } from "./pool.ts";
import { recalibrate, targetKey } from "./recalibrate.ts";
import { MAX_STRATA, strataOf, stratumWords } from "./stratum.ts";
import { targetOf } from "./target.ts";
import { MINUTE_MS, running, written } from "../work/written.ts";

const minutes = (value: number | null) => value && value / MINUTE_MS;
/** Bugs of 1 to n minutes, with targets that do not adapt. */
function poolOf(n: number, more = {}): Pool {
  const pool = new Pool("work", 0);
  for (let minute = 1; minute <= n; minute++) pool.close(written({ minutes: minute, ...more }));
  return pool;
}

describe("a target", () => {
  it("is the ⌈(n+1)·0.95⌉-th order statistic from 19 values on", () => {
    expect(minutes(targetOf(poolOf(19), strataOf(written())).value)).toBe(19);
    const hundred = targetOf(poolOf(100), strataOf(written()));
    expect(minutes(hundred.value)).toBe(96);
    expect(hundred).toMatchObject({ n: 100, method: "order statistic", stratum: "task·bug·simple" });
  });

  it("is unknown where not even all tasks are 19", () => {
    expect(targetOf(poolOf(18), strataOf(written()))).toMatchObject({ value: null, n: 18, method: null });
    expect(targetOf(new Pool("work"), strataOf(written())).value).toBeNull();
  });

  it("of a small stratum is that of the one above, moved by the ratio of medians as far as the sample has weight", () => {
    const pool = poolOf(95);
    for (const minute of [90, 95, 100, 105, 110]) pool.close(written({ kind: "chore", minutes: minute }));
    const found = targetOf(pool, strataOf(written({ kind: "chore" })));
    // All hundred tasks: median 50.5, 96th value 95 (it is there twice). Five chores: median 100, and so moved by
    // (100/50.5)^(5/24) for the kind; its simple ones have the same median as the kind.
    const all = 95 * (100 / 50.5) ** (5 / 24);
    expect(minutes(found.value)).toBeCloseTo(all, 6);
    expect(found).toMatchObject({ method: "shrunk", shrunk_from: "task", n: 5, shrunk_n: 100 });
  });

  it("follows the last hundred", () => {
    const pool = poolOf(MAX_SAMPLE);
    for (let more = 0; more < MAX_SAMPLE; more++) pool.close(written({ minutes: 1 }));
    expect(minutes(targetOf(pool, strataOf(written())).value)).toBe(1);
  });

  it("is breached by one in twenty in the long run, also while everything becomes slower", () => {
    const pool = new Pool("work");
    let breached = 0;
    const tasks = 2_000;
    for (let task = 0; task < tasks; task++)
      breached +=
        pool.close(written({ minutes: (1 + task / 100) * (1 + ((task * 7919) % 101) / 10) }))?.breached ===
        true
          ? 1
          : 0;
    expect(breached / tasks).toBeGreaterThan(0.035);
    expect(breached / tasks).toBeLessThan(0.065);
    const still = new Pool("work", 0);
    let more = 0;
    for (let task = 0; task < tasks; task++)
      more +=
        still.close(written({ minutes: (1 + task / 100) * (1 + ((task * 7919) % 101) / 10) }))?.breached ===
        true
          ? 1
          : 0;
    expect(more).toBeGreaterThan(breached);
  });

  it("counts what is no measurement, by reason, and takes none of it in", () => {
    const pool = new Pool("work");
    pool.close(written({ minutes: -5 }));
    pool.close(written({ minutes: 0 }));
    pool.close(written({ started_at: null }));
    pool.close(written({ outcome: "failed" }));
    expect([...pool.excluded.values()].reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(pool.samples.size).toBe(0);
  });

  it("is a finite amount above 0 or unknown, whatever closes", () => {
    const time = fc.option(fc.integer({ min: -1e12, max: 1e15 }), { nil: null });
    const record = fc.record({
      kind: fc.option(fc.string({ maxLength: 3 }), { nil: null }),
      created_at: time,
      started_at: time,
      closed_at: time,
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 80 }), (records) => {
        const pool = new Pool("work");
        for (const one of records) pool.close(written(one));
        for (const one of records) {
          const { value } = targetOf(pool, strataOf(written(one)));
          expect(value === null || (Number.isFinite(value) && value > 0)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("keeps a bounded number of strata, and all tasks among them", () => {
    const pool = new Pool("work");
    for (let kind = 0; kind < 2 * MAX_STRATA; kind++) pool.close(written({ kind: `k${kind}` }));
    expect(pool.samples.size).toBeLessThanOrEqual(MAX_STRATA + 1);
    expect(pool.sample("task")?.recent.values).toHaveLength(MAX_SAMPLE);
  });
});

describe("recalibration", () => {
  it("tells each target that moved, with what it was, and nothing twice", () => {
    const pool = poolOf(40);
    const first = recalibrate(pool, new Map());
    expect(first.map(({ stratum }) => stratum).sort()).toEqual(["task", "task·bug", "task·bug·simple"]);
    const previous = new Map(
      first.map(({ measure, stratum, value }) => [targetKey(measure, stratum), value]),
    );
    expect(recalibrate(pool, previous)).toEqual([]);
    for (let more = 0; more < 20; more++) pool.close(written({ minutes: 200 }));
    expect(recalibrate(pool, previous)[0]).toMatchObject({ measure: "work", previous: 39 * MINUTE_MS });
  });

  it("has words for a stratum", () => {
    expect(["task·bug·simple", "task·any·complex", "feature·feature", "task"].map(stratumWords)).toEqual([
      "simple bug tasks",
      "complex tasks",
      "features",
      "tasks",
    ]);
  });
});

describe("the risk of a breach while it runs", () => {
  it("is the share of longer ones among those that lasted as long", () => {
    const pool = poolOf(100);
    // Target 96 minutes: of the 50 that last longer than 50 minutes, four last longer than 96.
    const risk = breachRisk(pool, running(), [], 50 * MINUTE_MS);
    expect(risk.probability).toBeCloseTo(4 / 50, 10);
    expect(risk).toMatchObject({ n: 100, censored: 0, stratum: "task·bug·simple" });
    expect(breachRisk(pool, running(), [], 0).probability).toBeCloseTo(0.04, 10);
    expect(breachRisk(pool, running(), [], 97 * MINUTE_MS).probability).toBe(1);
  });

  it("counts other running tasks for as long as they have run", () => {
    const others = [running({ id: "A" }), running({ id: "B" })];
    const risk = breachRisk(poolOf(100), running(), others, 50 * MINUTE_MS);
    expect(risk.censored).toBe(2);
    const long = [running({ id: "A", started_at: -45 * MINUTE_MS })];
    const plain = breachRisk(poolOf(100), running(), [], 50 * MINUTE_MS).probability ?? 0;
    expect(breachRisk(poolOf(100), running(), long, 50 * MINUTE_MS).probability).toBeGreaterThan(plain);
  });

  it("is unknown without a target or a beginning", () => {
    expect(breachRisk(new Pool("work"), running(), [], 1).probability).toBeNull();
    expect(breachRisk(poolOf(50), running({ started_at: null }), [], 1).probability).toBeNull();
  });
});
