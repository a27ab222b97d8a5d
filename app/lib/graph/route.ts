/**
 * Edges as curves from the lower side of what comes first to the upper side of
 * what waits. Ends are spread along the side in the order of the other ends,
 * so that neighbouring edges do not cross at the node.
 */
import type { Box } from "./sheet.ts";
import type { GraphEdge, NodeKey } from "./model.ts";

export interface Route extends GraphEdge {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Ends keep this distance to the corners, and no more than this to each other, px. */
const CORNER = 18;
const STEP = 28;

export function routeEdges(edges: GraphEdge[], boxes: Map<NodeKey, Box>): Route[] {
  const drawn = edges.filter((edge) => boxes.has(edge.from) && boxes.has(edge.to));
  const starts = spread(drawn, "from", "to", boxes);
  const ends = spread(drawn, "to", "from", boxes);
  return drawn.map((edge, index) => {
    const from = boxes.get(edge.from);
    const to = boxes.get(edge.to);
    return {
      ...edge,
      x1: starts[index] ?? 0,
      y1: (from?.y ?? 0) + (from?.height ?? 0),
      x2: ends[index] ?? 0,
      y2: to?.y ?? 0,
    };
  });
}

/** For each edge, the x of its end at `side`. */
function spread(
  edges: GraphEdge[],
  side: "from" | "to",
  other: "from" | "to",
  boxes: Map<NodeKey, Box>,
): number[] {
  const at = new Map<NodeKey, number[]>();
  edges.forEach((edge, index) => {
    const list = at.get(edge[side]);
    if (list === undefined) at.set(edge[side], [index]);
    else list.push(index);
  });
  const result = new Array<number>(edges.length).fill(0);
  const centre = (index: number) => {
    const box = boxes.get(edges[index]?.[other] ?? "task:");
    return box === undefined ? 0 : box.x + box.width / 2;
  };
  for (const [key, indices] of at) {
    const box = boxes.get(key);
    if (box === undefined) continue;
    indices.sort((a, b) => centre(a) - centre(b));
    const step = Math.min(STEP, (box.width - 2 * CORNER) / Math.max(1, indices.length - 1));
    const middle = box.x + box.width / 2;
    indices.forEach((edge, position) => {
      result[edge] = middle + (position - (indices.length - 1) / 2) * step;
    });
  }
  return result;
}

/** From middle to middle, as the critical path runs: straight where its nodes stand under each other. */
export function middleRoute(route: Route, boxes: ReadonlyMap<NodeKey, Box>): Route | null {
  const from = boxes.get(route.from);
  const to = boxes.get(route.to);
  if (from === undefined || to === undefined) return null;
  return { ...route, x1: from.x + from.width / 2, x2: to.x + to.width / 2 };
}

export function pathOf({ x1, y1, x2, y2 }: Route): string {
  // An edge against the flow closes a cycle; it leaves and arrives with a wider bow.
  const bend = y2 >= y1 ? Math.max(10, (y2 - y1) * 0.45) : 46;
  return `M${px(x1)} ${px(y1)}C${px(x1)} ${px(y1 + bend)} ${px(x2)} ${px(y2 - bend)} ${px(x2)} ${px(y2)}`;
}

const px = (value: number) => value.toFixed(1);

/** What an edge covers, its bow included. */
export function routeBox({ x1, y1, x2, y2 }: Route): Box {
  const bow = y2 >= y1 ? 0 : 46;
  const top = Math.min(y1, y2) - bow;
  return {
    x: Math.min(x1, x2),
    y: top,
    width: Math.max(1, Math.abs(x2 - x1)),
    height: Math.max(y1, y2) + bow - top,
  };
}

/** A straight line between the facing sides of holder and waiter. */
export function lockPath(a: Box, b: Box): string {
  const centre = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const [from, to] = [centre(a), centre(b)];
  if (a.y + a.height <= b.y || b.y + b.height <= a.y) {
    const [upper, lower] = a.y < b.y ? [a, b] : [b, a];
    // Straight down where the two stand over each other, else from middle to middle.
    const left = Math.max(upper.x, lower.x);
    const right = Math.min(upper.x + upper.width, lower.x + lower.width);
    const shared = left < right ? (left + right) / 2 : null;
    const x1 = shared ?? centre(upper).x;
    const x2 = shared ?? centre(lower).x;
    return `M${px(x1)} ${px(upper.y + upper.height)}L${px(x2)} ${px(lower.y)}`;
  }
  const [left, right] = from.x < to.x ? [a, b] : [b, a];
  return `M${px(left.x + left.width)} ${px(from.y)}L${px(right.x)} ${px(to.y)}`;
}
