/** Spans of time as text: pages, command, alerts and reports say them alike. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** A machine takes tenths of seconds, and up to here they matter. */
const TENTHS_BELOW_MS = 10 * SECOND_MS;

/** Three digits, whole from a thousand on. */
function plain(value: number): string {
  if (value < 1_000) return String(Number(value.toPrecision(3)));
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/**
 * `340 ms`, `8.2 s`, `9 min 14 s`, `2 h 25 min`, `3 d 4 h`: the two largest units, rounded, never 60 of one and never
 * negative. `number` writes a number as its reader does.
 */
export function duration(ms: number, number: (value: number) => string = plain): string {
  const both = (large: number, unit: string, small: number, small_unit: string) =>
    small === 0 ? `${number(large)} ${unit}` : `${number(large)} ${unit} ${number(small)} ${small_unit}`;

  if (ms <= 0) return `${number(0)} s`;
  if (ms < SECOND_MS - 0.5) return `${number(ms)} ms`;
  if (ms < TENTHS_BELOW_MS) return `${number(ms / SECOND_MS)} s`;
  // Rounded first, so that 59.9 s is 1 min and never "60 s".
  const s = Math.round(ms / SECOND_MS);
  if (s < 60) return `${number(s)} s`;
  if (s < 3_600) return both(Math.floor(s / 60), "min", s % 60, "s");
  const min = Math.round(s / 60);
  if (min < 24 * 60) return both(Math.floor(min / 60), "h", min % 60, "min");
  const h = Math.round(min / 60);
  return both(Math.floor(h / 24), "d", h % 24, "h");
}

/** Of what still goes on: what has gone by of it, whole. Tenths would run before their reader's eyes. */
export function elapsed(ms: number): string {
  const unit_ms = ms < HOUR_MS ? SECOND_MS : ms < 24 * HOUR_MS ? MINUTE_MS : HOUR_MS;
  return duration(Math.floor(ms / unit_ms) * unit_ms);
}
