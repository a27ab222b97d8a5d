/** A moment to come or gone, as precisely as it matters from here. Pure: the clock is an argument. */
import { isTooFar, TOO_FAR } from "../../../schema/wire/horizon.ts";
import { clockTime, dayText, monthText } from "./duration.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Further away than this, the hour is no knowledge. */
const HOURS_MATTER_MS = 3 * DAY_MS;
/** Further ahead, the day is none. */
const DAYS_MATTER_MS = 180 * DAY_MS;

/**
 * `17:39` today, `24 Nov, 17:39` in the next days, `12 Jan 2027` beyond, `Aug 2027` far ahead and then in words: no more
 * precise than anybody knows. What is gone keeps its day.
 */
export function whenText(at: number, now_ms: number): string {
  const day = dayText(at, now_ms);
  const clock = clockTime(at, false);
  if (day === dayText(now_ms, now_ms)) return clock;
  if (Math.abs(at - now_ms) < HOURS_MATTER_MS) return `${day}, ${clock}`;
  if (isTooFar(at, now_ms)) return TOO_FAR;
  return at - now_ms > DAYS_MATTER_MS ? monthText(at) : day;
}

/** `17:12:40`, with the day before it where that is another than `now_ms`'s. */
export function momentText(at: number, now_ms: number): string {
  const day = dayText(at, now_ms);
  return `${day === dayText(now_ms, now_ms) ? "" : `${day}, `}${clockTime(at)}`;
}
