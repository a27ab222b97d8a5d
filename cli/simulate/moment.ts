/** Moments and spans as a person types them. The clock is handed in. */
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90m`, `8h`, `3d` in ms; null where it is none. */
export function readSpan(text: string): number | null {
  const parts = /^(\d{1,7})([smhd])$/.exec(text);
  const unit_ms = UNITS_MS[parts?.[2] ?? ""];
  return parts === null || unit_ms === undefined ? null : Number(parts[1]) * unit_ms;
}

/** `now`, `now-2h`, `now+1d` or RFC 3339 with its offset, in ms since the epoch; null where it is none. */
export function readMoment(text: string, now_ms: number): number | null {
  if (text === "now") return now_ms;
  const relative = /^now([+-])(.+)$/.exec(text);
  if (relative !== null) {
    const span_ms = readSpan(relative[2] ?? "");
    return span_ms === null ? null : now_ms + (relative[1] === "-" ? -span_ms : span_ms);
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const at_ms = Date.parse(text);
  return Number.isNaN(at_ms) ? null : at_ms;
}
