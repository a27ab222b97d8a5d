/** A moment to come or gone, as precisely as it matters from here. Pure: the clock is an argument. */
import { calendarDay, clockTime } from "./duration.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Further away than this, the hour is no knowledge. */
const HOURS_MATTER_MS = 3 * DAY_MS;
/** Further ahead, the day is none; and then the month. */
const DAYS_MATTER_MS = 180 * DAY_MS;
const MONTHS_MATTER_MS = 730 * DAY_MS;

/**
 * `17:39` today, `11-24 17:39` in the next days, `2027-01-12` beyond, `2027-08` and `2029` far ahead: no more precise
 * than anybody knows. What is gone keeps its day.
 */
export function whenText(at: number, now_ms: number): string {
  const day = calendarDay(at);
  const clock = clockTime(at, false);
  if (day === calendarDay(now_ms)) return clock;
  if (Math.abs(at - now_ms) < HOURS_MATTER_MS) return `${day.slice(5)} ${clock}`;
  if (at - now_ms > MONTHS_MATTER_MS) return day.slice(0, 4);
  if (at - now_ms > DAYS_MATTER_MS) return day.slice(0, 7);
  return day.slice(0, 4) === calendarDay(now_ms).slice(0, 4) ? day.slice(5) : day;
}
