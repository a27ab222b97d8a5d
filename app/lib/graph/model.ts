/**
 * The task graph as data: what is a node, what depends on what, how large each
 * node is. No positions (layout.ts) and no words (card.ts).
 *
 *   ProjectState ──buildGraph──▶ GraphModel ──layout──▶ positions
 *                                    └──────signature──▶ has the structure changed?
 */
import { findFeature, findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { GLYPH_OF } from "../ui/status.ts";
import type { Scope } from "./scope.ts";

/** Size follows attention: finished work shrinks, work in hand grows. */
export const NODE_SIZE = {
  small: { width: 112, height: 54 },
  medium: { width: 170, height: 54 },
  large: { width: 170, height: 76 },
} as const;
export type SizeClass = keyof typeof NODE_SIZE;

/** Keys keep tasks and features apart: both may have the same id. */
export type NodeKey = `task:${string}` | `feature:${string}`;
export const taskKey = (id: string): NodeKey => `task:${id}`;
const featureKey = (id: string): NodeKey => `feature:${id}`;

export interface GraphNode {
  key: NodeKey;
  kind: "task" | "feature";
  id: string;
  size: SizeClass;
}

/** `to` waits for `from`. */
export interface GraphEdge {
  from: NodeKey;
  to: NodeKey;
}

export interface GraphModel {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export function sizeOf(task: Pick<Task, "status">): SizeClass {
  switch (GLYPH_OF[task.status]) {
    case "done":
      return "small";
    case "pending":
      return "medium";
    case "progress":
    case "review":
    case "failed":
    case "blocked":
      return "large";
  }
}

/**
 * Nodes are the tasks in scope; work outside of it that they depend on joins
 * as a node of its own, so that no edge ends in nothing. Dependencies that
 * nobody has heard of are left to the panel.
 */
export function buildGraph(state: ProjectState, tasks: Task[], scope: Scope): GraphModel {
  const nodes = new Map<NodeKey, GraphNode>();
  for (const task of tasks) nodes.set(taskKey(task.id), nodeOfTask(task));
  const edges: GraphEdge[] = [];
  for (const task of tasks) {
    const to = taskKey(task.id);
    for (const id of new Set(task.dependencies)) {
      const node = nodeOf(state, id);
      // A task may wait for the very feature it is part of: true, but no edge to draw.
      if (node === null || node.key === to || node.key === scopeKey(scope)) continue;
      if (!nodes.has(node.key)) nodes.set(node.key, node);
      edges.push({ from: node.key, to });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

/** The part of a graph that these nodes make, and the edges between them. */
export function among({ nodes, edges }: GraphModel, keys: ReadonlySet<NodeKey>): GraphModel {
  return {
    nodes: nodes.filter(({ key }) => keys.has(key)),
    edges: edges.filter(({ from, to }) => keys.has(from) && keys.has(to)),
  };
}

function scopeKey(scope: Scope): NodeKey | null {
  return scope.kind === "feature" ? featureKey(scope.id) : null;
}

/** A dependency names a task or a feature; a task wins where both are known. */
function nodeOf(state: ProjectState, id: string): GraphNode | null {
  const task = findTask(state, id);
  if (task !== undefined) return nodeOfTask(task);
  if (findFeature(state, id) !== undefined)
    return { key: featureKey(id), kind: "feature", id, size: "medium" };
  return null;
}

function nodeOfTask(task: Task): GraphNode {
  return { key: taskKey(task.id), kind: "task", id: task.id, size: sizeOf(task) };
}

/** Equal for equal structure: what the layout depends on, and nothing else. FNV-1a over ids, sizes and edges. */
export function signature(model: GraphModel): string {
  let hash = 0x811c9dc5;
  const take = (text: string) => {
    for (let index = 0; index < text.length; index++)
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  };
  for (const node of model.nodes) {
    take(node.key);
    take(node.size);
  }
  for (const edge of model.edges) {
    take(edge.from);
    take(edge.to);
  }
  return `${String(model.nodes.length)}:${String(model.edges.length)}:${(hash >>> 0).toString(36)}`;
}
