/** The moment on screen, as the address says it: `?at=<seq>`, or a time as the API takes it. */

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

/** A seq, or the last one before event time passes `time_ms`. */
export type Moment = { seq: number } | { time_ms: number };

/** As the API tells them apart: whole numbers from here on are ms since 1970. */
const MIN_TIME_MS = 100_000_000_000;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Null: the present. What nobody can read is the present as well, and never an error page. */
export function readMoment(text: string | null): Moment | null {
  if (text === null) return null;
  if (/^\d{1,16}$/.test(text)) {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) return null;
    return value < MIN_TIME_MS ? { seq: value } : { time_ms: value };
  }
  // In a link typed by hand, the + of a time zone has become a space.
  const time_text = text.replace(/ (\d\d:\d\d)$/, "+$1");
  const time_ms = RFC_3339.test(time_text) ? Date.parse(time_text) : NaN;
  return Number.isNaN(time_ms) ? null : { time_ms };
}

/** The same address at another moment; null returns to the present. */
export function withMoment(query: Query, seq: number | null): string {
  const next = new URLSearchParams(query.toString());
  if (seq === null) next.delete("at");
  else next.set("at", String(seq));
  return `?${next.toString()}`;
}

/** A link to another view keeps the moment. */
export function keepMoment(href: string, query: Query): string {
  const at = query.get("at");
  if (readMoment(at) === null || at === null) return href;
  return `${href}${href.includes("?") ? "&" : "?"}at=${encodeURIComponent(at)}`;
}

export const SPEEDS = [1, 10, 100, 1_000] as const;
export type Speed = (typeof SPEEDS)[number];
/** A minute of work in under a second: hours of a log are watched in minutes. */
export const DEFAULT_SPEED: Speed = 100;

export function readSpeed(text: string | null): Speed {
  return SPEEDS.find((speed) => String(speed) === text) ?? DEFAULT_SPEED;
}

export function withSpeed(query: Query, speed: Speed): string {
  const next = new URLSearchParams(query.toString());
  if (speed === DEFAULT_SPEED) next.delete("speed");
  else next.set("speed", String(speed));
  return `?${next.toString()}`;
}
