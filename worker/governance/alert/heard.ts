/**
 * How steadily a project sends, from the hours in which its tally counted anything: in memory alone it would be lost
 * when the room is evicted, which is just what happens when nothing comes.
 */
import type { Known } from "../../../schema/metric/measure.ts";
import { DAY_MS, floorTo, HOUR_MS } from "../../../schema/metric/slot.ts";

export interface Steadiness {
  /** A silence beyond this is longer than any that was usual, ms. */
  limit_ms: number;
  /** Hours that it rests on. */
  hours: number;
}

/** Hours looked at: the tally keeps them apart for two weeks. */
const LOOK_BACK_MS = 14 * DAY_MS;
/** A team that never pauses is known after three days; one that does only when a weekend was among them. */
const LEAST_KNOWN_MS = 3 * DAY_MS;
const LEAST_KNOWN_WITH_PAUSES_MS = 8 * DAY_MS;
const NO_PAUSE_MS = 2 * HOUR_MS;
/** Times the longest silence of the last two weeks. Twice: a night that begins early and ends late is no gap. */
const TIMES = 2;
/** Hours with events: nine a day for eight days. Fewer are now and then, and no stream. */
const LEAST_HOURS = 72;

/** `heard_ms`: of the last event. What was usual is what was so then: while nothing comes, nothing of it is forgotten. */
export function steadinessOf(heard: readonly number[], heard_ms: number): Steadiness | null {
  const hours = heard.filter((hour) => hour >= heard_ms - LOOK_BACK_MS);
  const first = hours[0];
  if (first === undefined || hours.length < LEAST_HOURS) return null;
  const longest = hours.reduce((most, hour, i) => Math.max(most, hour - (hours[i - 1] ?? hour)), 0);
  const needed = longest <= NO_PAUSE_MS ? LEAST_KNOWN_MS : LEAST_KNOWN_WITH_PAUSES_MS;
  if (heard_ms - first < needed) return null;
  // Between the first event of an hour and the last of another there may be less, never more.
  return { limit_ms: Math.max(HOUR_MS, TIMES * longest), hours: hours.length };
}

/** How much of the time between lies in hours with work, ms. */
export function activeBetween(hours: readonly number[], from_ms: number, to_ms: number): number {
  let active_ms = 0;
  for (let i = hours.length - 1; i >= 0; i -= 1) {
    const hour = hours[i] ?? 0;
    if (hour + HOUR_MS <= from_ms) break;
    active_ms += Math.max(0, Math.min(to_ms, hour + HOUR_MS) - Math.max(from_ms, hour));
  }
  return active_ms;
}

/** Beginnings of the hours with work, in order: of twice the time that is looked back. */
export function hoursHeard({ slots }: Known, now_ms: number): number[] {
  const days = new Map<number, number>();
  for (const { start_ms, cells } of slots) {
    if (start_ms < now_ms - 2 * LOOK_BACK_MS) continue;
    const day = floorTo(start_ms, DAY_MS);
    for (const { hours } of cells.values()) days.set(day, (days.get(day) ?? 0) | hours);
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .flatMap(([day, mask]) =>
      Array.from({ length: 24 }, (_, hour) => hour)
        .filter((hour) => (mask & (1 << hour)) !== 0)
        .map((hour) => day + hour * HOUR_MS),
    );
}
