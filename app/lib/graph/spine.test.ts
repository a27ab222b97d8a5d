import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layoutGraph } from "./layout.ts";
import { buildGraph, taskKey } from "./model.ts";
import { tasksIn } from "./scope.ts";
import { created, stateOf } from "./testing.ts";

const SCOPE = { kind: "all" } as const;

/** A graph with a chain t0 → t1 → …, and others beside it that hang on to it somewhere. */
const grown = fc.record({
  chain: fc.integer({ min: 2, max: 7 }),
  others: fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), { maxLength: 24 }),
});

describe("spine", () => {
  it("stands straight, and nothing overlaps or leaves the sheet", () => {
    fc.assert(
      fc.property(grown, ({ chain, others }) => {
        const ids = Array.from({ length: chain }, (_, n) => `t${String(n)}`);
        const events = ids.map((id, n) => created(id, n === 0 ? [] : [`t${String(n - 1)}`]));
        others.forEach((needs, n) => {
          const known = [...ids, ...Array.from({ length: n }, (_, at) => `o${String(at)}`)];
          events.push(
            created(
              `o${String(n)}`,
              needs.map((at) => known[at % known.length] ?? "t0"),
            ),
          );
        });
        const state = stateOf(...events);
        const model = buildGraph(state, tasksIn(state, SCOPE), SCOPE);
        const spine = ids.map(taskKey);
        const { boxes, width } = layoutGraph({ model, target_width: 900, folded: null, spine });
        const centres = spine.map((key) => (boxes.get(key)?.x ?? 0) + (boxes.get(key)?.width ?? 0) / 2);
        for (const x of centres) expect(x).toBeCloseTo(centres[0] ?? NaN, 5);
        const list = [...boxes.values()];
        for (const [index, a] of list.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(77.99);
          expect(a.x + a.width).toBeLessThanOrEqual(width + 0.01);
          for (const b of list.slice(index + 1))
            expect(a.y !== b.y || a.x + a.width <= b.x + 0.01 || b.x + b.width <= a.x + 0.01).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
