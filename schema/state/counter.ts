import { MAX_EVENT_TYPES } from "./limits.ts";
import type { Counters } from "./state.ts";

/** Where event types are counted that came after the limit of distinct names. */
const OTHER = "other";

/** Counts an event of any type, known or not: all that an unknown one changes (S4). */
export function count(counters: Counters, event_type: string, time_ms: number): void {
  counters.events += 1;
  if (counters.first_time === null || time_ms < counters.first_time) counters.first_time = time_ms;
  if (counters.last_time === null || time_ms > counters.last_time) counters.last_time = time_ms;
  const by_type = counters.by_type;
  const known = by_type.get(event_type);
  if (known !== undefined) by_type.set(event_type, known + 1);
  // One place is kept for `other` itself.
  else if (by_type.size < MAX_EVENT_TYPES - 1) by_type.set(event_type, 1);
  else by_type.set(OTHER, (by_type.get(OTHER) ?? 0) + 1);
}
