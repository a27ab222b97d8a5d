/**
 * Left to right: where the nodes of one connected component stand within their
 * waves. Dagre does the ordering and straightening (Gansner et al., "A Technique
 * for Drawing Directed Graphs", 1993); the ranks are ours, so that a row is a wave.
 */
import { Graph, layout } from "@dagrejs/dagre";
import { compactRow } from "./compact.ts";
import type { Centres, KeptOrders } from "./kept-order.ts";
import type { GraphEdge, NodeKey } from "./model.ts";
import { placeAround } from "./spine.ts";

/** Gap between neighbours of one wave, px. */
export const NODE_GAP = 14;

/**
 * Dagre's time grows with the waves that its edges span together (one dummy node
 * each). Beyond this the longest edges no longer influence the order; they are drawn all the same.
 */
const MAX_SPANNED_WAVES = 700;

export interface Placed {
  /** Centre, px from the component's left end. */
  x: Map<NodeKey, number>;
  width: number;
}

export interface Component {
  keys: NodeKey[];
  edges: GraphEdge[];
}

export function orderComponent(
  component: Component,
  wave: (key: NodeKey) => number,
  width: (key: NodeKey) => number,
  target_width: number,
  spine: ReadonlySet<NodeKey>,
  kept: KeptOrders,
): Placed {
  const centres = kept.of(orderText(component, wave, width), () => centresOf(component, wave, width));
  return drawTogether(component.keys, (key) => centres.get(key) ?? 0, wave, width, target_width, spine);
}

function orderText(
  { keys, edges }: Component,
  wave: (key: NodeKey) => number,
  width: (key: NodeKey) => number,
): string {
  return JSON.stringify([
    keys.map((key) => [key, wave(key), width(key)]),
    edges.map(({ from, to }) => [from, to]),
  ]);
}

function centresOf(
  component: Component,
  wave: (key: NodeKey) => number,
  width: (key: NodeKey) => number,
): Centres {
  const graph = new Graph<
    Record<string, unknown>,
    { width: number; height: number; x?: number; rank?: number }
  >();
  graph.setGraph({
    nodesep: NODE_GAP,
    edgesep: 6,
    ranksep: 20,
    // Dagre counts on every second rank being free for edge labels; it fails on adjacent ones.
    ranker: (ranked: { nodes(): string[]; node(key: string): { rank?: number } }) => {
      for (const key of ranked.nodes()) ranked.node(key).rank = 2 * wave(key as NodeKey);
    },
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const key of component.keys) graph.setNode(key, { width: width(key), height: 54 });
  for (const edge of shortest(component.edges, wave)) graph.setEdge(edge.from, edge.to);
  layout(graph);
  return new Map(component.keys.map((key) => [key, graph.node(key).x ?? 0]));
}

function shortest(edges: GraphEdge[], wave: (key: NodeKey) => number): GraphEdge[] {
  const span = (edge: GraphEdge) => wave(edge.to) - wave(edge.from);
  let spanned = 0;
  return [...edges]
    .sort((a, b) => span(a) - span(b))
    .filter((edge) => (spanned += span(edge)) <= MAX_SPANNED_WAVES);
}

function drawTogether(
  keys: NodeKey[],
  x_of: (key: NodeKey) => number,
  wave: (key: NodeKey) => number,
  width: (key: NodeKey) => number,
  target_width: number,
  spine: ReadonlySet<NodeKey>,
): Placed {
  const left = Math.min(...keys.map((key) => x_of(key) - width(key) / 2));
  const right = Math.max(...keys.map((key) => x_of(key) + width(key) / 2));
  const rows = new Map<number, NodeKey[]>();
  for (const key of keys) {
    const row = rows.get(wave(key));
    if (row === undefined) rows.set(wave(key), [key]);
    else row.push(key);
  }
  const straight = keys.filter((key) => spine.has(key));
  const bends = straight.length > 1;
  const widest = bends ? Math.max(...keys.map(width)) + NODE_GAP : 0;
  const needed = [...rows.values()].map((row) =>
    // A row that is full leaves its part of the spine no choice of place: room for one more gives it every one.
    row.reduce((sum, key) => sum + width(key) + NODE_GAP, bends && row.length > 1 ? widest : -NODE_GAP),
  );
  const limit = Math.max(Math.min(right - left, Math.max(target_width, ...needed)), ...(bends ? needed : []));
  const scale = limit / (right - left);
  const line_x = bends ? lineOf(straight, (key) => (x_of(key) - left) * scale, width, limit) : null;
  const x = new Map<NodeKey, number>();
  for (const row of rows.values()) {
    row.sort((a, b) => x_of(a) - x_of(b));
    const slots = row.map((key) => ({ x: x_of(key) - left, width: width(key) }));
    const fixed = line_x === null ? -1 : row.findIndex((key) => spine.has(key));
    if (line_x !== null && fixed >= 0) {
      const { order, centres } = placeAround({ slots, fixed, line_x, scale, gap: NODE_GAP, limit });
      order.forEach((from, index) => {
        const key = row[from];
        if (key !== undefined) x.set(key, centres[index] ?? 0);
      });
      continue;
    }
    const centres = compactRow(slots, scale, NODE_GAP, limit);
    row.forEach((key, index) => x.set(key, centres[index] ?? 0));
  }
  return { x, width: limit };
}

/** Where the spine stands: in the middle of where its nodes would, and never so that one of them sticks out. */
function lineOf(
  keys: NodeKey[],
  x_of: (key: NodeKey) => number,
  width: (key: NodeKey) => number,
  limit: number,
): number {
  const sorted = keys.map(x_of).sort((a, b) => a - b);
  const half = Math.max(...keys.map(width)) / 2;
  return Math.min(limit - half, Math.max(half, sorted[Math.floor(sorted.length / 2)] ?? 0));
}
