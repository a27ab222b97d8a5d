/**
 * Slots of time: five minutes for the current hour and the two before it, an hour for the current day and the
 * fourteen before it, a day for what is older (all UTC). So the window of an hour, a day or a week and the one
 * before it are told apart to an eighth of themselves or better, and a year is a few hundred slots.
 */
export const FINE_MS = 300_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** Whole hours before the current one that are kept in five minutes: the last hour and the one before it. */
const FINE_HOURS = 2;
/** Whole days before the current one that are kept in hours: the last seven days and the seven before them. */
const HOUR_DAYS = 14;

export type Span = typeof FINE_MS | typeof HOUR_MS | typeof DAY_MS;

export function floorTo(time_ms: number, span_ms: number): number {
  return Math.floor(time_ms / span_ms) * span_ms;
}

/** How fine the slot of `time_ms` is when it is `now_ms`. */
export function spanAt(time_ms: number, now_ms: number): Span {
  if (time_ms >= fineFrom(now_ms)) return FINE_MS;
  return time_ms >= hoursFrom(now_ms) ? HOUR_MS : DAY_MS;
}

export const fineFrom = (now_ms: number) => floorTo(now_ms, HOUR_MS) - FINE_HOURS * HOUR_MS;
export const hoursFrom = (now_ms: number) => floorTo(now_ms, DAY_MS) - HOUR_DAYS * DAY_MS;

/** The bit of the hour of the day. */
export const hourBit = (time_ms: number) => 1 << Math.floor((time_ms - floorTo(time_ms, DAY_MS)) / HOUR_MS);
