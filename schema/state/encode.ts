/**
 * The state as JSON and back (S1).
 *
 *   ProjectState ──encodeState──▶ WireState ──JSON──▶ snapshot, GET /v1/state
 *        ▲                            │
 *        └────────decodeState─────────┘
 *
 * Both share the entries with their argument instead of copying them, for they
 * stand on the way of every snapshot and every wake: write an encoded state out
 * before the next `apply`, and give a wire away to `decodeState` for good.
 * Ids travel as values in lists, never as keys, so `__proto__` is only a text.
 */
import { decodeSpending, encodeSpending } from "./budget-encode.ts";
import { conflictKey } from "./lock.ts";
import type { Feature } from "./entity/feature.ts";
import type { ProjectState, WireState } from "./state.ts";
import type { Task } from "./entity/task.ts";
import { targetKey } from "./target.ts";

export function encodeState(state: ProjectState): WireState {
  const counters = state.counters;
  return {
    seq: state.seq,
    time: state.time,
    open_tasks: [...state.open_tasks.values()],
    closed_tasks: [...state.closed_tasks.values()],
    open_features: [...state.open_features.values()],
    closed_features: [...state.closed_features.values()],
    agents: [...state.agents.values()],
    locks: [...state.locks.values()],
    conflicts: [...state.conflicts.values()],
    escalations: [...state.escalations],
    decisions: [...state.decisions],
    open_alerts: [...state.open_alerts.values()],
    closed_alerts: [...state.closed_alerts.values()],
    targets: [...state.targets.values()],
    open_forecasts: [...state.open_forecasts.values()],
    scored_forecasts: [...state.scored_forecasts.values()],
    sprints: [...state.sprints.values()],
    sops: [...state.sops.values()],
    usage: state.usage,
    unassigned: state.unassigned,
    spending: encodeSpending(state.spending),
    counters: {
      events: counters.events,
      by_type: [...counters.by_type],
      forgotten_tasks: counters.forgotten_tasks,
      forgotten_features: counters.forgotten_features,
      forgotten_agents: counters.forgotten_agents,
      first_time: counters.first_time,
      last_time: counters.last_time,
    },
  };
}

function byId<V extends { id: string }>(entries: V[]): Map<string, V> {
  const map = new Map<string, V>();
  for (const entry of entries) map.set(entry.id, entry);
  return map;
}

export function decodeState(wire: WireState): ProjectState {
  const totals = { dependencies: 0, files: 0 };
  const addUp = (owners: (Task | Feature)[]) => {
    for (const owner of owners) {
      totals.dependencies += owner.dependencies.length;
      if ("files" in owner) totals.files += owner.files.length;
    }
  };
  addUp(wire.open_tasks);
  addUp(wire.closed_tasks);
  addUp(wire.open_features);
  addUp(wire.closed_features);
  const counters = wire.counters;
  return {
    seq: wire.seq,
    time: wire.time,
    open_tasks: byId(wire.open_tasks),
    closed_tasks: byId(wire.closed_tasks),
    open_features: byId(wire.open_features),
    closed_features: byId(wire.closed_features),
    agents: byId(wire.agents),
    locks: new Map(wire.locks.map((lock) => [lock.path, lock])),
    conflicts: new Map(wire.conflicts.map((entry) => [conflictKey(entry.path, entry.agent_id), entry])),
    escalations: [...wire.escalations],
    decisions: [...wire.decisions],
    open_alerts: byId(wire.open_alerts),
    closed_alerts: byId(wire.closed_alerts),
    targets: new Map(wire.targets.map((target) => [targetKey(target.metric, target.scope), target])),
    open_forecasts: byId(wire.open_forecasts),
    scored_forecasts: byId(wire.scored_forecasts),
    sprints: byId(wire.sprints),
    sops: byId(wire.sops),
    usage: wire.usage,
    unassigned: wire.unassigned,
    spending: decodeSpending(wire.spending),
    counters: {
      events: counters.events,
      by_type: new Map(counters.by_type),
      forgotten_tasks: counters.forgotten_tasks,
      forgotten_features: counters.forgotten_features,
      forgotten_agents: counters.forgotten_agents,
      first_time: counters.first_time,
      last_time: counters.last_time,
    },
    totals,
  };
}

/**
 * The state's canonical text: equal states give equal bytes. The order of keys
 * is that of creation, which JSON keeps, so decoding does not change it.
 */
export function stateText(state: ProjectState): string {
  return JSON.stringify(encodeState(state));
}
