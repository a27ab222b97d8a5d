/** What happened in each hour of event time: counts per type, tokens and money. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { clockAfter, foldTime } from "../../schema/state/clock.ts";
import { MAX_EVENT_TYPES } from "../../schema/state/limits.ts";
import type { Usage } from "../../schema/state/entity/usage.ts";
import { addCall, createUsage } from "../../schema/state/usage.ts";

export const HOUR_MS = 3_600_000;

export interface Hour {
  /** Hours since the epoch. */
  hour: number;
  events: number;
  by_type: Map<string, number>;
  usage: Usage;
}

export function hourOf(time_ms: number): number {
  return Math.floor(time_ms / HOUR_MS);
}

function createHour(hour: number): Hour {
  return { hour, events: 0, by_type: new Map(), usage: createUsage() };
}

/** What a run of events adds, by hour, and the earliest and latest event time of the run. */
export function countHours(
  events: readonly StoredEvent[],
  now_ms: number,
): { hours: Map<number, Hour>; first_time: number; last_time: number } {
  const hours = new Map<number, Hour>();
  let running_ms = now_ms;
  let first_time = Infinity;
  let last_time = -Infinity;
  for (const event of events) {
    const time_ms = foldTime(event, running_ms);
    running_ms = clockAfter(event, time_ms, running_ms);
    first_time = Math.min(first_time, time_ms);
    last_time = Math.max(last_time, time_ms);
    const number = hourOf(time_ms);
    let hour = hours.get(number);
    if (hour === undefined) hours.set(number, (hour = createHour(number)));
    hour.events += 1;
    countType(hour.by_type, event.event_type, 1);
    if (event.event_type === "tokens_used") addCall(hour.usage, event);
  }
  if (events.length === 0) return { hours, first_time: now_ms, last_time: now_ms };
  return { hours, first_time, last_time };
}

/** Adds what is archived of the same hour. */
export function addHour(to: Hour, archived: Hour): Hour {
  const by_type = new Map(archived.by_type);
  for (const [type, n] of to.by_type) by_type.set(type, (by_type.get(type) ?? 0) + n);
  const usage = { ...to.usage };
  for (const key of Object.keys(usage) as (keyof Usage)[]) usage[key] += archived.usage[key];
  return { hour: to.hour, events: to.events + archived.events, by_type, usage };
}

/** With the hot state's own limit of distinct names, so that invented ones cannot grow a row without end. */
function countType(by_type: Map<string, number>, event_type: string, n: number): void {
  const known = by_type.has(event_type) || by_type.size < MAX_EVENT_TYPES - 1;
  const name = known ? event_type : "other";
  by_type.set(name, (by_type.get(name) ?? 0) + n);
}
