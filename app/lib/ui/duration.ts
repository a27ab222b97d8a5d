/** Times as people read them. Pure: the clock is an argument. */
import { elapsed } from "../../../schema/event/describe/duration.ts";

export { duration, elapsed } from "../../../schema/event/describe/duration.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long something has gone on: without seconds from a minute on, so that it stands still for one. */
export const age = (ms: number): string => elapsed(ms).replace(/ \d+ s$/, "");

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

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Nov 2026`, on the reader's clock. */
export function monthText(at_ms: number): string {
  const at = new Date(at_ms);
  return `${MONTHS[at.getMonth()] ?? ""} ${at.getFullYear()}`;
}

/**
 * `22 Nov` on the reader's clock, `22 Nov 2025` of another year than that of `now_ms`: in the words of the page, for the
 * browser's own formatter would cost the first paint more than its tables are worth.
 */
export function dayText(at_ms: number, now_ms: number): string {
  const at = new Date(at_ms);
  const year = at.getFullYear() === new Date(now_ms).getFullYear() ? "" : ` ${at.getFullYear()}`;
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ""}${year}`;
}

/** Calendar day on the reader's clock, `2026-11-22`: of the whole moment in a title, and in the column of a log. */
export function calendarDay(at_ms: number): string {
  return new Date(at_ms - new Date(at_ms).getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 10);
}
