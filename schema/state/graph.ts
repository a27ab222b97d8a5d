/**
 * The graph of tasks and their dependencies, cycles included. Edges to what is
 * not in the list are left out; a cycle (a strongly connected component, found
 * by Tarjan, SIAM J. Comput. 1972) counts as one node, so everything ends. All
 * of it is O(tasks + edges), and iterative, because a chain may be 10,000 long.
 */
import { isFinished } from "./select.ts";
import type { Task } from "./state.ts";

type Node = Pick<Task, "id" | "dependencies">;

/** Component of each node. A component's number is higher than those of all that it depends on. */
interface Components {
  of: Int32Array;
  count: number;
  /** Per node, the positions of its dependencies. */
  edges: number[][];
}

function connect(nodes: readonly Node[]): number[][] {
  const position = new Map<string, number>();
  nodes.forEach((node, index) => position.set(node.id, index));
  return nodes.map((node) => {
    const targets: number[] = [];
    for (const id of node.dependencies) {
      const target = position.get(id);
      if (target !== undefined) targets.push(target);
    }
    return targets;
  });
}

function findComponents(nodes: readonly Node[]): Components {
  const edges = connect(nodes);
  const of = new Int32Array(nodes.length).fill(-1);
  const order = new Int32Array(nodes.length).fill(-1);
  const low = new Int32Array(nodes.length);
  const next_edge = new Int32Array(nodes.length);
  const path: number[] = [];
  const unassigned: number[] = [];
  let met = 0;
  let count = 0;

  const enter = (node: number) => {
    order[node] = low[node] = met++;
    path.push(node);
    unassigned.push(node);
  };
  const at = (array: Int32Array, index: number) => array[index] ?? -1;

  for (let root = 0; root < nodes.length; root++) {
    if (at(order, root) !== -1) continue;
    enter(root);
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const target = edges[node]?.[at(next_edge, node)];
      if (target !== undefined) {
        next_edge[node] = at(next_edge, node) + 1;
        if (at(order, target) === -1) enter(target);
        else if (at(of, target) === -1) low[node] = Math.min(at(low, node), at(order, target));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(at(low, parent), at(low, node));
      if (at(low, node) !== at(order, node)) continue;
      for (let member = unassigned.pop(); member !== undefined; member = unassigned.pop()) {
        of[member] = count;
        if (member === node) break;
      }
      count += 1;
    }
  }
  return { of, count, edges };
}

/** Positions of the nodes of each component; components with what they depend on first. */
function members({ of, count }: Components): number[][] {
  const groups: number[][] = Array.from({ length: count }, () => []);
  of.forEach((component, node) => groups[component]?.push(node));
  return groups;
}

/**
 * The wave of each task, from 0: one more than the highest wave among its
 * dependencies. Tasks of a cycle share a wave.
 */
export function waves(tasks: readonly Node[]): Map<string, number> {
  const components = findComponents(tasks);
  const wave = new Int32Array(components.count);
  const result = new Map<string, number>();
  members(components).forEach((group, component) => {
    let height = 0;
    for (const node of group) {
      for (const target of components.edges[node] ?? []) {
        const below = components.of[target] ?? component;
        if (below !== component) height = Math.max(height, (wave[below] ?? 0) + 1);
      }
    }
    wave[component] = height;
  });
  tasks.forEach((task, node) => result.set(task.id, wave[components.of[node] ?? 0] ?? 0));
  return result;
}

/**
 * Ids of the longest chain of unfinished tasks, what comes first in front: the
 * chain counted in tasks, the first found where several are as long. All tasks
 * of a cycle on the way are part of it.
 */
export function criticalPath(tasks: readonly Task[]): string[] {
  const open = tasks.filter((task) => !isFinished(task.status));
  const components = findComponents(open);
  const groups = members(components);
  const length = new Int32Array(components.count);
  const before = new Int32Array(components.count).fill(-1);
  let last = -1;
  groups.forEach((group, component) => {
    let longest = 0;
    for (const node of group) {
      for (const target of components.edges[node] ?? []) {
        const below = components.of[target] ?? component;
        if (below === component || (length[below] ?? 0) <= longest) continue;
        longest = length[below] ?? 0;
        before[component] = below;
      }
    }
    length[component] = longest + group.length;
    if (last === -1 || longest + group.length > (length[last] ?? 0)) last = component;
  });
  const chain: string[] = [];
  for (let component = last; component !== -1; component = before[component] ?? -1) {
    for (const node of (groups[component] ?? []).toReversed()) {
      const task = open[node];
      if (task !== undefined) chain.push(task.id);
    }
  }
  return chain.reverse();
}
