/** Spans of time as text. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `8 s`, `2 min 14 s`, `1 h 32 m`, `3 d`: two units at most, never negative. */
export function duration(ms: number): string {
  const span_ms = Math.max(0, ms);
  if (span_ms < MINUTE_MS) return `${Math.floor(span_ms / SECOND_MS)} s`;
  if (span_ms < HOUR_MS)
    return `${Math.floor(span_ms / MINUTE_MS)} min ${Math.floor((span_ms % MINUTE_MS) / SECOND_MS)} s`;
  if (span_ms < DAY_MS)
    return `${Math.floor(span_ms / HOUR_MS)} h ${Math.floor((span_ms % HOUR_MS) / MINUTE_MS)} m`;
  return `${Math.floor(span_ms / DAY_MS)} d`;
}
