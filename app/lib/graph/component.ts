/** Connected components, edges taken both ways; nodes without any edge are kept apart. */
import type { GraphEdge, NodeKey } from "./model.ts";
import type { Component } from "./order.ts";

export function componentsOf(
  keys: NodeKey[],
  edges: GraphEdge[],
): { linked: Component[]; isolated: NodeKey[] } {
  const neighbours = new Map<NodeKey, NodeKey[]>(keys.map((key) => [key, []]));
  for (const { from, to } of edges) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const home = new Map<NodeKey, Component>();
  const linked: Component[] = [];
  const isolated: NodeKey[] = [];
  for (const key of keys) {
    if (home.has(key)) continue;
    if (neighbours.get(key)?.length === 0) {
      isolated.push(key);
      continue;
    }
    const component: Component = { keys: [], edges: [] };
    const stack = [key];
    home.set(key, component);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      component.keys.push(at);
      for (const next of neighbours.get(at) ?? []) {
        if (home.has(next)) continue;
        home.set(next, component);
        stack.push(next);
      }
    }
    linked.push(component);
  }
  for (const edge of edges) home.get(edge.from)?.edges.push(edge);
  return { linked, isolated };
}
