/** Keyboard walks through the picture: along edges up and down, along the wave left and right. */
import type { Layout } from "./layout.ts";
import type { NodeKey } from "./model.ts";

export type Step = "up" | "down" | "left" | "right" | "first" | "last";

/** Reading order: by wave, then from left to right; a valid topological order but for cycles. */
export function readingOrder(layout: Layout): NodeKey[] {
  const keys = [...layout.boxes.keys()];
  const rank = new Map<NodeKey, number>();
  layout.bands.forEach((band, index) => {
    for (const key of band.keys) rank.set(key, index);
  });
  const box = (key: NodeKey) => layout.boxes.get(key) ?? { x: 0, y: 0 };
  return keys.sort(
    (a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0) || box(a).y - box(b).y || box(a).x - box(b).x,
  );
}

/** Null where there is nothing in that direction. */
export function walk(layout: Layout, order: NodeKey[], from: NodeKey, step: Step): NodeKey | null {
  switch (step) {
    case "first":
      return order[0] ?? null;
    case "last":
      return order.at(-1) ?? null;
    case "left":
      return order[order.indexOf(from) - 1] ?? null;
    case "right":
      return order[order.indexOf(from) + 1] ?? null;
    case "up":
      return (
        nearest(layout, from, (route) => (route.to === from ? route.from : null)) ??
        acrossBands(layout, from, -1)
      );
    case "down":
      return (
        nearest(layout, from, (route) => (route.from === from ? route.to : null)) ??
        acrossBands(layout, from, 1)
      );
  }
}

function nearest(
  layout: Layout,
  from: NodeKey,
  other: (route: Layout["routes"][number]) => NodeKey | null,
): NodeKey | null {
  const candidates = layout.routes.map(other).filter((key) => key !== null);
  return closest(layout, from, candidates);
}

/** Where no edge leads on: the nearest node of the next strip that has any. */
function acrossBands(layout: Layout, from: NodeKey, direction: 1 | -1): NodeKey | null {
  const here = layout.bands.findIndex((band) => band.keys.includes(from));
  for (let index = here + direction; here >= 0 && layout.bands[index] !== undefined; index += direction) {
    const keys = layout.bands[index]?.keys.filter((key) => layout.boxes.has(key)) ?? [];
    if (keys.length > 0) return closest(layout, from, keys);
  }
  return null;
}

function closest(layout: Layout, from: NodeKey, keys: NodeKey[]): NodeKey | null {
  const origin = layout.boxes.get(from);
  let best: NodeKey | null = null;
  let best_distance = Infinity;
  for (const key of keys) {
    const box = layout.boxes.get(key);
    if (box === undefined || origin === undefined) continue;
    const distance = Math.hypot(box.x - origin.x, box.y - origin.y);
    if (distance < best_distance) {
      best = key;
      best_distance = distance;
    }
  }
  return best;
}
