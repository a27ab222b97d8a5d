/**
 * A state that shares nothing changeable with its original: a keyframe stays
 * what it was while the fold goes on. Texts are shared, so a copy costs some
 * 500 bytes per entry, and its encoding equals the original's byte for byte.
 */
import { copySpending, spendingEntries } from "./budget-encode.ts";
import type { Agent } from "./entity/agent.ts";
import type { Feature } from "./entity/feature.ts";
import type { ProjectState } from "./state.ts";
import type { Task } from "./entity/task.ts";

export function copyState(state: ProjectState): ProjectState {
  return {
    seq: state.seq,
    time: state.time,
    open_tasks: copyMap(state.open_tasks, copyTask),
    closed_tasks: copyMap(state.closed_tasks, copyTask),
    open_features: copyMap(state.open_features, copyFeature),
    closed_features: copyMap(state.closed_features, copyFeature),
    agents: copyMap(state.agents, copyAgent),
    locks: copyMap(state.locks, (lock) => ({ ...lock })),
    conflicts: copyMap(state.conflicts, (conflict) => ({ ...conflict })),
    escalations: state.escalations.map((escalation) => ({ ...escalation })),
    decisions: state.decisions.map((decision) => ({
      ...decision,
      alternatives: [...decision.alternatives],
    })),
    open_alerts: copyMap(state.open_alerts, (alert) => ({ ...alert })),
    closed_alerts: copyMap(state.closed_alerts, (alert) => ({ ...alert })),
    targets: copyMap(state.targets, (target) => ({ ...target })),
    open_forecasts: copyMap(state.open_forecasts, (forecast) => ({ ...forecast })),
    scored_forecasts: copyMap(state.scored_forecasts, (forecast) => ({ ...forecast })),
    sprints: copyMap(state.sprints, (sprint) => ({ ...sprint, features: [...sprint.features] })),
    sops: copyMap(state.sops, (sop) => ({ ...sop, roles: [...sop.roles], kinds: [...sop.kinds] })),
    usage: { ...state.usage },
    unassigned: { ...state.unassigned, usage: { ...state.unassigned.usage } },
    spending: copySpending(state.spending),
    counters: { ...state.counters, by_type: new Map(state.counters.by_type) },
    totals: { ...state.totals },
  };
}

/** How much a copy holds, in entries: what a bound on memory counts. */
export function entriesOf(state: ProjectState): number {
  return (
    state.open_tasks.size +
    state.closed_tasks.size +
    state.open_features.size +
    state.closed_features.size +
    state.agents.size +
    state.locks.size +
    state.conflicts.size +
    state.escalations.length +
    state.decisions.length +
    spendingEntries(state.spending) +
    state.open_alerts.size +
    state.closed_alerts.size +
    state.targets.size +
    state.open_forecasts.size +
    state.scored_forecasts.size +
    state.sprints.size +
    state.sops.size +
    state.counters.by_type.size
  );
}

function copyMap<V>(map: ReadonlyMap<string, V>, copy: (value: V) => V): Map<string, V> {
  const copied = new Map<string, V>();
  for (const [key, value] of map) copied.set(key, copy(value));
  return copied;
}

function copyTask(task: Task): Task {
  return {
    ...task,
    dependencies: [...task.dependencies],
    files: [...task.files],
    usage: { ...task.usage },
    past: {
      ...task.past,
      moves: [...task.past.moves],
      base: task.past.base === null ? null : { ...task.past.base },
    },
  };
}

function copyFeature(feature: Feature): Feature {
  return {
    ...feature,
    dependencies: [...feature.dependencies],
    usage: { ...feature.usage },
    past: { ...feature.past, moves: [...feature.past.moves], files: [...feature.past.files] },
  };
}

function copyAgent(agent: Agent): Agent {
  return { ...agent, usage: { ...agent.usage } };
}
