import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeptOrders } from "./kept-order.ts";
import { layoutGraph, MAX_WAVE_WIDTH_NODES } from "./layout.ts";
import { type Box, FOLDED_HEIGHT, LABEL_WIDTH } from "./sheet.ts";
import { type GraphEdge, type GraphModel, NODE_SIZE, type SizeClass, taskKey } from "./model.ts";
import { wavesOf } from "./wave.ts";

/** `a>b` means that b waits for a; a lone name is a node without edges. */
function graph(...lines: string[]): GraphModel {
  const ids = new Set<string>();
  const edges: GraphEdge[] = [];
  for (const line of lines) {
    const path = line.split(">");
    path.forEach((id) => ids.add(id));
    path.slice(1).forEach((id, index) => edges.push({ from: taskKey(path[index] ?? ""), to: taskKey(id) }));
  }
  return { nodes: [...ids].map((id) => ({ key: taskKey(id), kind: "task", id, size: "medium" })), edges };
}
const lay = (model: GraphModel, target_width = 1_000) =>
  layoutGraph({ model, target_width, folded: null, spine: [] });

const anyGraph = fc
  .record({
    sizes: fc.array(fc.constantFrom<SizeClass>("small", "medium", "large"), { maxLength: 45 }),
    edges: fc.array(fc.tuple(fc.nat({ max: 44 }), fc.nat({ max: 44 })), { maxLength: 90 }),
  })
  .map(({ sizes, edges }): GraphModel => ({
    nodes: sizes.map((size, index) => ({
      key: taskKey(String(index)),
      kind: "task",
      id: String(index),
      size,
    })),
    edges: edges
      .filter(([from, to]) => from !== to && from < sizes.length && to < sizes.length)
      .map(([from, to]) => ({ from: taskKey(String(from)), to: taskKey(String(to)) })),
  }));

function overlap(a: Box, b: Box): boolean {
  const slack = 0.01;
  return (
    a.x + slack < b.x + b.width &&
    b.x + slack < a.x + a.width &&
    a.y + slack < b.y + b.height &&
    b.y + slack < a.y + a.height
  );
}

describe("wavesOf", () => {
  it("puts a task one wave below the deepest it waits for", () => {
    const { of, count } = wavesOf(graph("a>b>d", "a>d", "c"));
    expect([...of.values()]).toEqual([0, 1, 2, 0]);
    expect(count).toBe(3);
  });

  it("gives every node of a cycle a finite wave", () => {
    const { of, acyclic } = wavesOf(graph("a>b>c>a", "c>d"));
    expect(of.size).toBe(4);
    expect(Math.max(...of.values())).toBe(2);
    expect(acyclic).toHaveLength(3);
  });

  it("counts a chain of 20,000 tasks without overflowing the stack", () => {
    const { count } = wavesOf(
      graph(Array.from({ length: 20_000 }, (_, index) => String(20_000 - index)).join(">")),
    );
    expect(count).toBe(20_000);
  });
});

describe("layoutGraph", () => {
  it("for any graph: every node once, none over another, each below what it waits for", () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 300, max: 2_000 }), (model, target_width) => {
        const layout = lay(model, target_width);
        expect(layout.boxes.size).toBe(model.nodes.length);
        const boxes = [...layout.boxes.values()];
        boxes.forEach((box, index) => {
          expect(box.x).toBeGreaterThanOrEqual(LABEL_WIDTH - 0.01);
          expect(box.x + box.width).toBeLessThanOrEqual(layout.width + 0.01);
          expect(box.y + box.height).toBeLessThanOrEqual(layout.height + 0.01);
          for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        });
        for (const { from, to } of wavesOf(model).acyclic) {
          const above = layout.boxes.get(from);
          const below = layout.boxes.get(to);
          expect((above?.y ?? NaN) + (above?.height ?? NaN)).toBeLessThanOrEqual(below?.y ?? NaN);
        }
        expect(layout.routes).toHaveLength(model.edges.length);
      }),
      { numRuns: 60 },
    );
  });

  it("is the same for the same structure", () => {
    const model = graph("a>b>c", "a>d>c", "e>f", "g");
    expect(lay(model)).toEqual(lay(model));
  });

  it("draws waves of equal depth in one row, whatever component they belong to", () => {
    const { boxes } = lay(graph("a>b", "c>d"));
    const y = (id: string) => boxes.get(taskKey(id))?.y;
    expect(y("a")).toBe(y("c"));
    expect(y("b")).toBe(y("d"));
  });

  it("packs tasks without links into a grid as wide as the window", () => {
    const layout = lay(graph(...Array.from({ length: 200 }, (_, index) => `t${String(index)}`)), 1_000);
    expect(layout.width).toBeLessThanOrEqual(1_000);
    expect(layout.bands.map((band) => band.wave)).toEqual([null]);
    expect(new Set([...layout.boxes.values()].map((box) => box.x)).size).toBe(5);
  });

  it("starts a new shelf where components no longer fit side by side", () => {
    const layout = lay(
      graph(...Array.from({ length: 12 }, (_, index) => `a${String(index)}>b${String(index)}`)),
      900,
    );
    expect(layout.width).toBeLessThanOrEqual(900);
    expect(layout.bands.filter((band) => band.wave === 0).length).toBeGreaterThan(1);
  });

  it("wraps a wave that is wider than anybody would pan", () => {
    const count = MAX_WAVE_WIDTH_NODES * 4;
    const layout = lay(graph(...Array.from({ length: count }, (_, index) => `t${String(index)}>end`)), 1_000);
    expect(layout.width).toBeLessThanOrEqual(1_000);
    expect(layout.boxes.size).toBe(count + 1);
  });

  it("folds waves to counts, and opens those that are asked for", () => {
    const model = graph("a>b>c", "d");
    const folded = layoutGraph({ model, target_width: 1_000, folded: { open: [] }, spine: [] });
    expect(folded.boxes.size).toBe(0);
    expect(folded.bands.map((band) => [band.wave, band.folded, band.height])).toEqual([
      [0, true, FOLDED_HEIGHT],
      [1, true, FOLDED_HEIGHT],
      [2, true, FOLDED_HEIGHT],
      [null, true, FOLDED_HEIGHT],
    ]);
    const open = layoutGraph({ model, target_width: 1_000, folded: { open: [1, 3] }, spine: [] });
    expect([...open.boxes.keys()]).toEqual([taskKey("b"), taskKey("d")]);
    expect(open.routes).toEqual([]);
  });

  it("draws the edge that closes a cycle", () => {
    const layout = lay(graph("a>b>a"));
    expect(layout.routes).toHaveLength(2);
  });

  it("is empty for nothing", () => {
    expect(lay(graph())).toMatchObject({ bands: [], routes: [], waves: 0 });
  });

  it("keeps sizes", () => {
    const model = graph("a>b");
    model.nodes.forEach((node, index) => (node.size = index === 0 ? "small" : "large"));
    expect([...lay(model).boxes.values()].map(({ width, height }) => ({ width, height }))).toEqual([
      NODE_SIZE.small,
      NODE_SIZE.large,
    ]);
  });
});

describe("a layout after another", () => {
  it("is the one that would be made anew, and works out again only what changed", () => {
    fc.assert(
      fc.property(
        anyGraph,
        fc.nat({ max: 44 }),
        fc.constantFrom<SizeClass>("small", "medium", "large"),
        (model, at, size) => {
          const kept = new KeptOrders();
          const request = { model, target_width: 700, folded: null, spine: [] };
          expect(layoutGraph(request, kept)).toEqual(layoutGraph(request));
          expect(layoutGraph(request, kept)).toEqual(layoutGraph(request));
          const nodes = model.nodes.map((node, index) => (index === at ? { ...node, size } : node));
          const changed = { ...request, model: { ...model, nodes } };
          expect(layoutGraph(changed, kept)).toEqual(layoutGraph(changed));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("remembers the order of the last layout alone", () => {
    const kept = new KeptOrders();
    let worked = 0;
    const work = () => {
      worked++;
      return new Map();
    };
    for (const text of ["a", "b", "a"]) kept.of(text, work);
    kept.settle();
    kept.of("a", work);
    expect(worked).toBe(2);
    kept.settle();
    kept.of("b", work);
    expect(worked).toBe(3);
  });
});
