/**
 * The open work as a graph without cycles: which open tasks wait for which. A dependency on a feature is one on all of
 * its open tasks; on something closed or unknown it is none. Where dependencies form a cycle nobody could ever begin,
 * so its last edge is left out, and said.
 *
 * A thousand tasks that depend on a feature of a thousand are a million edges, for a hundred kilobytes of events. So of
 * dependencies on whole features only so many edges are followed; how many are not is said too.
 */
import type { WorkRecord } from "../work/record.ts";

/**
 * Edges that dependencies on features may come to, all together: each is walked in each of 200 futures, 7 ns a time, for
 * each feature of an overview. Those on tasks are bounded by the state.
 */
const MAX_FEATURE_EDGES = 20_000;

export interface WorkGraph {
  /** Open tasks, each after those it waits for. */
  order: WorkRecord[];
  /** By id. */
  waits_for: ReadonlyMap<string, readonly string[]>;
  /** Edges left out, `[waiting, waited for]`. */
  broken: [string, string][];
  /** Edges to tasks of features that were too many to follow. */
  omitted: number;
}

/** `tasks`: all that are known; closed ones are left out. */
export function graphOf(tasks: Iterable<WorkRecord>): WorkGraph {
  const open = new Map<string, WorkRecord>();
  const of_feature = new Map<string, string[]>();
  for (const task of tasks) {
    if (task.outcome !== "open") continue;
    open.set(task.id, task);
    if (task.feature_id === null) continue;
    const siblings = of_feature.get(task.feature_id) ?? [];
    siblings.push(task.id);
    of_feature.set(task.feature_id, siblings);
  }
  let followed = 0;
  let omitted = 0;
  const wanted = ({ id, feature_id, dependencies }: WorkRecord): string[] =>
    dependencies.flatMap((other) => {
      if (open.has(other)) return other === id ? [] : [other];
      // A task that depends on its own feature waits for nothing.
      if (other === feature_id) return [];
      const all = of_feature.get(other) ?? [];
      const some = all.slice(0, MAX_FEATURE_EDGES - followed);
      followed += some.length;
      omitted += all.length - some.length;
      return some;
    });

  const order: WorkRecord[] = [];
  const broken: [string, string][] = [];
  const waits_for = new Map<string, string[]>();
  const state = new Map<string, "entered" | "left">();
  // Depth first with a stack of its own: chains of tasks may be longer than the engine's.
  for (const root of open.values()) {
    if (state.has(root.id)) continue;
    const stack = [{ task: root, next: 0, edges: wanted(root) }];
    state.set(root.id, "entered");
    waits_for.set(root.id, []);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const target = top.edges[top.next];
      top.next += 1;
      if (target === undefined) {
        state.set(top.task.id, "left");
        order.push(top.task);
        stack.pop();
        continue;
      }
      if (state.get(target) === "entered") {
        broken.push([top.task.id, target]);
        continue;
      }
      waits_for.get(top.task.id)?.push(target);
      const task = open.get(target);
      if (state.has(target) || task === undefined) continue;
      state.set(target, "entered");
      waits_for.set(target, []);
      stack.push({ task, next: 0, edges: wanted(task) });
    }
  }
  return { order, waits_for, broken, omitted };
}
