/**
 * The chain that decides the end. Where a forecast names its tasks, they are it
 * (worker/insight/forecast: on the longest chain in half of the imagined futures);
 * where nobody can foretell, it is the longest chain of open tasks, which is true
 * of the graph and says nothing of time. Before the first open task it goes back
 * over what each task really waited for: the dependency that was done last.
 */
import { findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { type GraphModel, type NodeKey, taskKey } from "./model.ts";
import { wavesOf } from "./wave.ts";

export interface CriticalPath {
  /** From the first to the last; empty where no two open tasks wait for each other. */
  keys: NodeKey[];
  basis: "forecast" | "longest";
}

/** A chain of one is no path. */
const SHORTEST = 2;

export function criticalPath(
  state: ProjectState,
  model: GraphModel,
  foretold: readonly string[] | null,
): CriticalPath {
  const isOpen = (key: NodeKey) => openTask(state, key) !== undefined;
  const known = new Set(model.nodes.map(({ key }) => key));
  const said = (foretold ?? []).map(taskKey).filter((key) => known.has(key) && isOpen(key));
  const basis = said.length > 0 ? "forecast" : "longest";
  const chain = basis === "forecast" ? said : longestChain(model, isOpen);
  const [first] = chain;
  const keys = first === undefined ? [] : [...cameFrom(state, model, first), ...chain];
  return { keys: keys.length < SHORTEST ? [] : keys, basis };
}

const idOf = (key: NodeKey) => (key.startsWith("task:") ? key.slice("task:".length) : null);

function openTask(state: ProjectState, key: NodeKey): Task | undefined {
  const id = idOf(key);
  return id === null ? undefined : state.open_tasks.get(id);
}

/** Of several as long, the one whose tasks come first in the model. */
function longestChain(model: GraphModel, isOpen: (key: NodeKey) => boolean): NodeKey[] {
  const waves = wavesOf(model);
  const before = new Map<NodeKey, NodeKey[]>();
  for (const { from, to } of waves.acyclic) {
    if (!isOpen(from) || !isOpen(to)) continue;
    const list = before.get(to);
    if (list === undefined) before.set(to, [from]);
    else list.push(from);
  }
  const open = model.nodes.map(({ key }) => key).filter(isOpen);
  // Waves are a topological order: what a task waits for stands in an earlier one.
  open.sort((a, b) => (waves.of.get(a) ?? 0) - (waves.of.get(b) ?? 0));
  const best = new Map<NodeKey, { length: number; from: NodeKey | null }>();
  let end: NodeKey | null = null;
  for (const key of open) {
    let longest = { length: 1, from: null as NodeKey | null };
    for (const from of before.get(key) ?? []) {
      const length = (best.get(from)?.length ?? 0) + 1;
      if (length > longest.length) longest = { length, from };
    }
    best.set(key, longest);
    if (end === null || longest.length > (best.get(end)?.length ?? 0)) end = key;
  }
  const chain: NodeKey[] = [];
  for (let key = end; key !== null; key = best.get(key)?.from ?? null) chain.unshift(key);
  return chain.length < SHORTEST ? [] : chain;
}

/** Back from a task over its finished dependencies, the one that closed last each time; the earliest first. */
function cameFrom(state: ProjectState, model: GraphModel, first: NodeKey): NodeKey[] {
  const known = new Set(model.nodes.map(({ key }) => key));
  const seen = new Set([first]);
  const back: NodeKey[] = [];
  for (let key: NodeKey | null = first; key !== null;) {
    const id: string | null = idOf(key);
    let last: { key: NodeKey; closed_at: number } | null = null;
    for (const dependency of id === null ? [] : (findTask(state, id)?.dependencies ?? [])) {
      const other = taskKey(dependency);
      const closed_at = findTask(state, dependency)?.closed_at ?? null;
      if (closed_at === null || !known.has(other) || seen.has(other)) continue;
      if (last === null || closed_at > last.closed_at) last = { key: other, closed_at };
    }
    key = last?.key ?? null;
    if (key === null) break;
    seen.add(key);
    back.unshift(key);
  }
  return back;
}
