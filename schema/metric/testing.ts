/** Short logs for tests: minutes since noon, a type, and what is special about the event. */
import type { Json, StoredEvent } from "../event/event.ts";
import { apply, createState } from "../state/apply.ts";
import type { ProjectState } from "../state/state.ts";
import { measure, type Ask, type Row } from "./measure.ts";
import { knownOf } from "./source.ts";
import { Tally } from "./tally.ts";

/** Sunday, 22 November 2026, noon UTC. */
export const NOON_MS = Date.UTC(2026, 10, 22, 12);
export const at = (minutes: number) => NOON_MS + minutes * 60_000;

export interface Told {
  agent?: string;
  role?: string;
  task?: string;
  feature?: string;
  data?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}
export type Line = [minutes: number, event_type: string, told?: Told];

export function eventOf([minutes, event_type, told = {}]: Line, seq: number): StoredEvent {
  const time = new Date(at(minutes)).toISOString();
  return {
    seq,
    id: `event-${seq}`,
    timestamp: time,
    received_at: time,
    event_type,
    agent_id: told.agent ?? "coder",
    ...(told.role === undefined ? {} : { agent_role: told.role }),
    ...(told.task === undefined ? {} : { task_id: told.task }),
    ...(told.feature === undefined ? {} : { feature_id: told.feature }),
    ...(told.data === undefined ? {} : { metadata: told.data }),
    ...(told.metrics === undefined ? {} : { metrics: told.metrics }),
    source: "api",
    key_id: "testkey",
    v: 1,
  };
}

export interface Counted {
  state: ProjectState;
  tally: Tally;
}

export function count(events: Iterable<StoredEvent>): Counted {
  const state = createState();
  const tally = new Tally();
  state.observer = tally;
  for (const event of events) apply(state, event);
  return { state, tally };
}

export function countLines(lines: readonly Line[]): Counted {
  return count(lines.map((line, i) => eventOf(line, i + 1)));
}

/** One metric of a log; without a group, of all. */
export function row(
  { state, tally }: Counted,
  metric: string,
  ask: Partial<Ask> = {},
  group: string | null = null,
): Row {
  const { rows } = measure(knownOf(state, tally), {
    now_ms: state.time,
    window: "all",
    ...ask,
    metrics: [metric],
  });
  const found = rows.find((candidate) => candidate.group === group);
  if (found === undefined) throw new Error(`no ${metric} of ${group ?? "all"}`);
  return found;
}
