/**
 * The time that the overview's figures are of. It ends now; in a look at the past at the moment on screen; and of a log
 * that went silent with what happened last, lest all figures be unknown because nobody works any more. Pure.
 */
import type { Moments } from "../format/moment.ts";

const DAY_MS = 86_400_000;

export interface Period {
  /** Null: it goes on until now. */
  end_ms: number | null;
  /** Of the figures: `last 24 h`, `24 h to 28 Feb, 03:54`. */
  day: string;
  /** Of the Board: `last 7 days`, `7 days to 28 Feb`. */
  week: string;
}

export function periodOf(
  past_ms: number | null,
  silent_ms: number | null,
  { moment, day }: Pick<Moments, "moment" | "day">,
): Period {
  const end_ms = past_ms ?? silent_ms;
  if (end_ms === null) return { end_ms, day: "last 24 h", week: "last 7 days" };
  return { end_ms, day: `24 h to ${moment(end_ms)}`, week: `7 days to ${day(end_ms)}` };
}

/** The query of the metrics' route for so many days of it. */
export function windowOf({ end_ms }: Period, days: 1 | 7): Record<string, string> {
  if (end_ms === null) return { window: days === 1 ? "24h" : "7d" };
  // The moment itself belongs to it.
  const to = end_ms + 1;
  return { from: String(to - days * DAY_MS), to: String(to) };
}
