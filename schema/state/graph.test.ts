import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play } from "../../test/replay/play.ts";
import { criticalPath, waves } from "./graph.ts";
import { allTasks } from "./select.ts";

type Edges = { [id: string]: string[] };
const nodes = (edges: Edges) => Object.entries(edges).map(([id, dependencies]) => ({ id, dependencies }));
const wavesOf = (edges: Edges) => Object.fromEntries(waves(nodes(edges)));
const tasksOf = (edges: Edges, done: string[] = []) =>
  allTasks(
    play([
      ...nodes(edges).map(({ id, dependencies }) => ({
        type: "task_created",
        task: id,
        metadata: { dependencies },
      })),
      ...done.map((id) => ({ type: "task_completed", task: id })),
    ]),
  );

describe("waves", () => {
  it("put each task after the last of its dependencies", () => {
    expect(wavesOf({ d: ["b", "c"], c: ["b"], b: ["a"], a: [], e: ["unknown"] })).toEqual({
      a: 0,
      b: 1,
      c: 2,
      d: 3,
      e: 0,
    });
  });

  it("[S3] take a cycle for one step, and a task that waits for itself for any other", () => {
    expect(wavesOf({ a: [], b: ["a", "d"], c: ["b"], d: ["c"], e: ["d"], f: ["f"] })).toEqual({
      a: 0,
      b: 1,
      c: 1,
      d: 1,
      e: 2,
      f: 0,
    });
  });

  it("rise along every edge between tasks that are not in one cycle", () => {
    const graph = fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(graph, (edges) => {
        const list = edges.map((targets, index) => ({ id: `${index}`, dependencies: targets.map(String) }));
        const wave = waves(list);
        const reach = edges.map((_, from) => {
          const seen = new Set<number>();
          const next = [...(edges[from] ?? [])];
          for (let at = next.pop(); at !== undefined; at = next.pop()) {
            if (seen.has(at)) continue;
            seen.add(at);
            next.push(...(edges[at] ?? []));
          }
          return seen;
        });
        edges.forEach((targets, from) => {
          const cyclic = reach[from]?.has(from) === true;
          const below = targets.filter((target) => reach[target]?.has(from) !== true);
          const own = wave.get(`${from}`) ?? -1;
          for (const target of below) expect(own).toBeGreaterThan(wave.get(`${target}`) ?? -1);
          if (!cyclic)
            expect(own).toBe(Math.max(-1, ...below.map((target) => wave.get(`${target}`) ?? -1)) + 1);
          for (const target of targets) {
            if (reach[target]?.has(from) === true) expect(wave.get(`${target}`)).toBe(own);
          }
        });
      }),
      { numRuns: 300 },
    );
  });

  it("walk a chain of 10,000 and a cycle of 10,000 without recursion", () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => ({ id: `${i}`, dependencies: [`${i - 1}`] }));
    expect(waves(chain).get("9999")).toBe(9_999);
    const cycle = chain.map((node, i) => (i === 0 ? { id: "0", dependencies: ["9999"] } : node));
    expect(new Set(waves(cycle).values())).toEqual(new Set([0]));
  });
});

describe("the critical path", () => {
  it("is the longest chain of unfinished tasks, first things first", () => {
    const edges = { a: [], b: ["a"], c: ["b"], d: ["c"], x: ["a"], y: ["x"] };
    expect(criticalPath(tasksOf(edges))).toEqual(["a", "b", "c", "d"]);
    expect(criticalPath(tasksOf(edges, ["b", "a"]))).toEqual(["c", "d"]);
    expect(criticalPath(tasksOf(edges, ["c", "d"]))).toEqual(["a", "x", "y"]);
    expect(criticalPath([])).toEqual([]);
  });

  it("[S3] holds all tasks of a cycle on its way", () => {
    expect(criticalPath(tasksOf({ a: [], b: ["a", "c"], c: ["b"], d: ["c"] }))).toEqual(["a", "b", "c", "d"]);
  });
});
