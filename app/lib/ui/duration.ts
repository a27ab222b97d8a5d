/** Times as people read them. Pure: the clock is an argument. */
export { duration } from "../../../schema/event/describe/duration.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `just now`, `4 min ago`, `3 h ago`, `2 d ago`. A clock slightly ahead of ours is `just now`. */
export function ago(at_ms: number, now_ms: number): string {
  const span_ms = now_ms - at_ms;
  if (span_ms < MINUTE_MS) return "just now";
  if (span_ms < HOUR_MS) return `${Math.floor(span_ms / MINUTE_MS)} min ago`;
  if (span_ms < DAY_MS) return `${Math.floor(span_ms / HOUR_MS)} h ago`;
  return `${Math.floor(span_ms / DAY_MS)} d ago`;
}

/** Time of day on the reader's clock, `17:12:40`, or `17:12` without seconds. */
export function clockTime(at_ms: number, seconds = true): string {
  const iso = new Date(at_ms - new Date(at_ms).getTimezoneOffset() * MINUTE_MS).toISOString();
  return iso.slice(11, seconds ? 19 : 16);
}

/** Calendar day on the reader's clock, `2026-11-22`. */
export function calendarDay(at_ms: number): string {
  return new Date(at_ms - new Date(at_ms).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 10);
}
