/**
 * How far a project has come to its first event, read off its feed: the log is
 * the truth, so a reload shows the same list.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

export interface FirstEvent {
  event_type: string | undefined;
  agent_id: string | undefined;
  /** Server's clock at commit, or event time where only a snapshot is known; ms. */
  at: number | undefined;
  /** How long it took from the sender's clock to the log; absent where the clocks disagree. */
  delay_ms: number | undefined;
}

export interface Progress {
  /** Null while nothing arrived. */
  first: FirstEvent | null;
  /** A task that stands on the graph. */
  task: string | null;
}

/** Clocks of two machines differ; a delay beyond this says more about them than about the way. */
const CREDIBLE_DELAY_MS = 60_000;

export function readProgress(state: ProjectState, events: readonly StoredEvent[]): Progress {
  const task = firstKey(state.open_tasks) ?? firstKey(state.closed_tasks);
  if (state.seq === 0) return { first: null, task };
  const event = events.find((each) => each.seq === 1);
  if (event === undefined) {
    // The tab joined later: the snapshot knows when, and who, but not which event.
    const agent_id = firstKey(state.agents) ?? undefined;
    const at = state.counters.first_time ?? undefined;
    return { first: { event_type: undefined, agent_id, at, delay_ms: undefined }, task };
  }
  const at = Date.parse(event.received_at);
  const sent_at = Date.parse(event.timestamp);
  const delay_ms = at - sent_at;
  // A clock that gives whole seconds (`date` in a shell) cannot time a way of milliseconds.
  const timed = sent_at % 1_000 !== 0;
  return {
    first: {
      event_type: event.event_type,
      agent_id: event.agent_id,
      at,
      delay_ms: timed && delay_ms >= 0 && delay_ms <= CREDIBLE_DELAY_MS ? delay_ms : undefined,
    },
    task,
  };
}

function firstKey(map: ReadonlyMap<string, unknown>): string | null {
  return map.keys().next().value ?? null;
}

/** One line under "First event received". */
export function describeFirst({ event_type, agent_id, delay_ms }: FirstEvent): string {
  const what = event_type ?? "An event";
  const who = agent_id === undefined ? "" : ` from ${agent_id}`;
  const late = delay_ms === undefined ? "" : `, ${Math.round(delay_ms)} ms after it was sent`;
  return `${what}${who}${late}`;
}
