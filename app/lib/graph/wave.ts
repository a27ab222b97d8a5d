/**
 * Waves: a task stands one wave below the deepest task it waits for. Cycles
 * occur in real logs; the edge that closes one is left out of the counting
 * (and still drawn), so every node gets a finite wave.
 */
import type { GraphEdge, GraphModel, NodeKey } from "./model.ts";

export interface Waves {
  /** From 0. */
  of: Map<NodeKey, number>;
  count: number;
  /** The edges without those that close a cycle. */
  acyclic: GraphEdge[];
}

export function wavesOf({ nodes, edges }: GraphModel): Waves {
  const incoming = new Map<NodeKey, GraphEdge[]>(nodes.map((node) => [node.key, []]));
  for (const edge of edges) incoming.get(edge.to)?.push(edge);
  const of = new Map<NodeKey, number>();
  const open = new Set<NodeKey>();
  const acyclic: GraphEdge[] = [];
  let count = 0;
  for (const { key } of nodes) {
    if (of.has(key)) continue;
    // Depth first by an explicit stack: chains of thousands of tasks must not overflow the real one.
    const stack = [{ key, next: 0, wave: 0 }];
    open.add(key);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = incoming.get(top.key)?.[top.next];
      if (edge === undefined) {
        of.set(top.key, top.wave);
        open.delete(top.key);
        count = Math.max(count, top.wave + 1);
        stack.pop();
        continue;
      }
      const known = of.get(edge.from);
      if (known !== undefined) {
        top.wave = Math.max(top.wave, known + 1);
        top.next++;
        acyclic.push(edge);
      } else if (open.has(edge.from)) {
        top.next++; // It closes a cycle.
      } else {
        open.add(edge.from);
        stack.push({ key: edge.from, next: 0, wave: 0 });
      }
    }
  }
  return { of, count, acyclic };
}
