/** Stand-in of the fold until schema/state lands: counts only. */
import { eventTime, type StoredEvent } from "../event/event.ts";
import type { ProjectState, Usage, WireState } from "./state.ts";

const noUsage = (): Usage => ({
  calls: 0,
  input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  reported_calls: 0,
  reported_usd: 0,
  priced_calls: 0,
  priced_usd: 0,
});

export function createState(): ProjectState {
  return {
    seq: 0,
    time: 0,
    open_tasks: new Map(),
    closed_tasks: new Map(),
    open_features: new Map(),
    closed_features: new Map(),
    agents: new Map(),
    locks: new Map(),
    conflicts: new Map(),
    escalations: [],
    decisions: [],
    usage: noUsage(),
    counters: {
      events: 0,
      by_type: new Map(),
      forgotten_tasks: 0,
      forgotten_features: 0,
      forgotten_agents: 0,
      first_time: null,
      last_time: null,
    },
  };
}

export function apply(state: ProjectState, event: StoredEvent): void {
  state.seq = event.seq;
  state.time = Math.max(state.time, eventTime(event));
  state.counters.events += 1;
  state.counters.by_type.set(event.event_type, (state.counters.by_type.get(event.event_type) ?? 0) + 1);
}

export function encodeState(state: ProjectState): WireState {
  return {
    ...state,
    open_tasks: [],
    closed_tasks: [],
    open_features: [],
    closed_features: [],
    agents: [],
    locks: [],
    conflicts: [],
    counters: { ...state.counters, by_type: [...state.counters.by_type] },
  };
}

export function decodeState(wire: WireState): ProjectState {
  return {
    ...createState(),
    seq: wire.seq,
    time: wire.time,
    counters: { ...wire.counters, by_type: new Map(wire.counters.by_type) },
  };
}

export function stateText(state: ProjectState): string {
  return JSON.stringify(encodeState(state));
}
