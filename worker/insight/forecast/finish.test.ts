import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { Pool } from "../target/pool.ts";
import { MINUTE_MS, running, written } from "../work/written.ts";
import type { WorkRecord } from "../work/record.ts";
import { FeatureFinishes } from "./feature-finish.ts";
import { finishOf, type Live } from "./finish.ts";
import { graphOf } from "./graph.ts";
import { riskWord, sprintRisk } from "./sprint.ts";

/** Twenty finished tasks of ten minutes each: nothing is left to chance. */
function steady(tasks: readonly WorkRecord[], more: Partial<Live> = {}): Live {
  const [work, lead] = [new Pool("work", 0), new Pool("lead", 0)];
  for (let task = 0; task < 20; task++) for (const pool of [work, lead]) pool.close(written({ minutes: 10 }));
  return { seq: 7, now_ms: 0, tasks, agents: 2, work, lead, ...more };
}
const pending = (id: string, dependencies: string[] = [], feature_id = "F"): WorkRecord =>
  running({ id, feature_id, dependencies, started_at: null });
const minutes = (finish: ReturnType<typeof finishOf>) => finish && finish.p50_ms / MINUTE_MS;

describe("the finish of a feature", () => {
  it("is as long as its longest chain, while agents do the rest", () => {
    const chain = [pending("A"), pending("B", ["A"]), pending("C", ["B"]), pending("D")];
    const found = finishOf("F", steady(chain));
    expect(minutes(found)).toBe(30);
    expect(found).toMatchObject({ open: 4, scheduled: 4, agents: 2, n: 20, basis: "work", cycles: [] });
    expect(found?.critical.map(({ id }) => id).sort()).toEqual(["A", "B", "C"]);
    expect(found?.critical[0]?.share).toBe(1);
  });

  it("waits for agents: four tasks are 40 minutes for one, 20 for two, 10 for four", () => {
    const four = ["A", "B", "C", "D"].map((id) => pending(id));
    expect([1, 2, 4, 9].map((agents) => minutes(finishOf("F", steady(four, { agents }))))).toEqual([
      40, 20, 10, 10,
    ]);
    // With nobody there, as if one came.
    expect(minutes(finishOf("F", steady(four, { agents: 0 })))).toBe(40);
  });

  it("takes what runs already at what is left of it", () => {
    const now_ms = 4 * MINUTE_MS;
    const half_done = running({ id: "A", feature_id: "F", started_at: 0 });
    expect(minutes(finishOf("F", steady([half_done], { now_ms })))).toBe(6);
    const overdue = finishOf("F", steady([half_done], { now_ms: 60 * MINUTE_MS }));
    expect(minutes(overdue)).toBe(60);
    expect(overdue?.beyond_sample).toBe(1);
    // Of another feature's overdue task, which only takes an agent, its own words say nothing.
    const beside = finishOf("G", steady([half_done, pending("B", [], "G")], { now_ms: 60 * MINUTE_MS }));
    expect(beside).toMatchObject({ open: 1, scheduled: 2, beyond_sample: 0 });
  });

  it("of what outlived what is known is as open as that is: as long again in the middle, four times in one of five", () => {
    const old = (id: string) => running({ id, feature_id: "F", started_at: 0, created_at: 0 });
    const at = (tasks: WorkRecord[], hours: number, more: Partial<Live> = {}) => {
      const found = finishOf("F", steady(tasks, { now_ms: hours * 60 * MINUTE_MS, ...more }));
      if (found === null) throw new Error("it is open");
      return [found.p50_ms, found.p80_ms].map((ms) => ms / MINUTE_MS / 60);
    };
    const [p50 = 0, p80 = 0] = at([old("A")], 100);
    expect(p50).toBe(100);
    expect(p80).toBeGreaterThan(300);
    // The last of several is later, and as uncertain: never all at one moment.
    const [later = 0, latest = 0] = at(["A", "B", "C"].map(old), 100, { work: new Pool("work") });
    expect(later).toBeGreaterThan(p50);
    expect(latest).toBeGreaterThan(2 * later);
    // One value that is a little longer is no sample.
    const lead = new Pool("lead", 0);
    for (let task = 0; task < 20; task++) lead.close(written({ minutes: task === 0 ? 61 * 100 : 10 }));
    const [, near = 0] = at([old("A")], 100, { work: new Pool("work"), lead });
    expect(near).toBeGreaterThan(300);
  });

  it("draws what has waited longer than others ever did from what waiting takes, not from what work does", () => {
    const waiting = { ...pending("A"), created_at: 0 };
    const fresh = finishOf(
      "F",
      steady([{ ...waiting, created_at: 99 * MINUTE_MS }], { now_ms: 100 * MINUTE_MS }),
    );
    expect(minutes(fresh)).toBe(10);
    const stale = finishOf("F", steady([waiting], { now_ms: 100 * MINUTE_MS }));
    expect(minutes(stale)).toBe(100);
    // Nobody runs it, so it does not run for long.
    expect(stale?.beyond_sample).toBe(0);
  });

  it("waits for tasks of other features, and for whole features", () => {
    expect(minutes(finishOf("F", steady([pending("A", ["X"]), pending("X", [], "G")])))).toBe(20);
    expect(minutes(finishOf("F", steady([pending("A", ["G"]), pending("X", [], "G")])))).toBe(20);
    // What is closed, or unknown, is waited for no more.
    expect(minutes(finishOf("F", steady([pending("A", ["gone"]), written({ id: "done" })])))).toBe(10);
  });

  it("breaks cycles, and says which edge it left out", () => {
    const found = finishOf("F", steady([pending("A", ["B"]), pending("B", ["A"]), pending("S", ["S"])]));
    expect(minutes(found)).toBe(20);
    expect(found?.cycles).toEqual([["B", "A"]]);
  });

  it("follows so many edges of whole features as can be walked, and says how many it does not", () => {
    // Of 2,500 tasks in five features that all wait for one another: five million edges.
    const features = ["F", "G", "H", "I", "J"];
    const tasks = Array.from({ length: 2_500 }, (_, i) => pending(`t${i}`, features, features[i % 5]));
    const { waits_for, broken, omitted } = graphOf(tasks);
    const followed = [...waits_for.values()].reduce((sum, needed) => sum + needed.length, broken.length);
    expect(followed).toBeGreaterThan(10_000);
    expect(followed).toBeLessThanOrEqual(20_000);
    expect(followed + omitted).toBe(2_500 * 2_000);
    expect(finishOf("F", steady(tasks))?.omitted).toBe(omitted);
    // What few tasks say is followed whole.
    expect(graphOf([pending("A", ["G"]), pending("X", [], "G")]).omitted).toBe(0);
  });

  it("is unknown without open tasks or without anything finished", () => {
    expect(finishOf("F", steady([]))).toBeNull();
    expect(
      finishOf("F", steady([pending("A")], { work: new Pool("work"), lead: new Pool("lead") })),
    ).toBeNull();
  });

  it("takes lead times, which hold the waiting, where no claims are known", () => {
    const two = [pending("A"), pending("B")].map((task) => ({ ...task, created_at: 0 }));
    const found = finishOf("F", steady(two, { work: new Pool("work"), agents: 1 }));
    expect(found).toMatchObject({ basis: "lead", agents: null });
    expect(minutes(found)).toBe(10);
  });

  it("is the same for the same state, and finite for any graph", () => {
    const id = fc.integer({ min: 0, max: 12 }).map(String);
    const task = fc.record({
      id,
      feature_id: fc.constantFrom("F", "G", null),
      dependencies: fc.array(fc.oneof(id, fc.constantFrom("F", "G", "?")), { maxLength: 4 }),
      started_at: fc.option(fc.integer({ min: -1e9, max: 1e9 }), { nil: null }),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 15 }), fc.integer({ min: 0, max: 4 }), (drawn, agents) => {
        const live = steady(
          drawn.map((one) => running(one)),
          { agents },
        );
        const found = finishOf("F", live);
        expect(finishOf("F", live)).toEqual(found);
        if (found !== null) expect(Number.isFinite(found.p80_ms) && found.p80_ms >= found.p50_ms).toBe(true);
        const { order, waits_for } = graphOf(live.tasks);
        const place = new Map(order.map((one, index) => [one.id, index]));
        for (const [waiting, needed] of waits_for)
          for (const other of needed) expect(place.get(other)).toBeLessThan(place.get(waiting) ?? -1);
      }),
      { numRuns: 60 },
    );
  });
});

describe("finishes held against what came", () => {
  it("move the 80th percentile by what earlier features took longer", () => {
    const finishes = new FeatureFinishes();
    let late = 0;
    for (let feature = 0; feature < 60; feature++) {
      const id = `F${feature}`;
      const now_ms = feature * 1_000 * MINUTE_MS;
      const task = running({ id: "A", feature_id: id, started_at: null, created_at: now_ms });
      const said = finishes.begin(id, steady([task], { now_ms }));
      // Every feature takes three to four times as long as its tasks say.
      const took_ms = (30 + (feature % 10)) * MINUTE_MS;
      if (feature >= 20) late += said !== null && took_ms > said.p80_ms ? 1 : 0;
      finishes.close(id, now_ms + took_ms);
    }
    expect(late / 40).toBeGreaterThan(0.05);
    expect(late / 40).toBeLessThan(0.35);
  });

  it("say the risk for the end of a sprint", () => {
    const said = new FeatureFinishes().forecast("F", steady([pending("A")]));
    expect(said?.calibrated_by).toBe(0);
    expect(sprintRisk("F", said, 11 * MINUTE_MS)).toMatchObject({ late: 0, word: "negligible" });
    expect(sprintRisk("F", said, 9 * MINUTE_MS)).toMatchObject({
      late: 1,
      word: "high",
      p80_at: 10 * MINUTE_MS,
    });
    expect(sprintRisk("F", null, 0)).toMatchObject({ late: null, word: "unknown" });
    expect([0.05, 0.1, 0.2, 0.5, null].map(riskWord)).toEqual([
      "negligible",
      "low",
      "medium",
      "high",
      "unknown",
    ]);
  });
});
