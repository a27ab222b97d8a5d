/**
 * Text of events on a terminal. It is hostile until cleaned: escape sequences
 * could rewrite the screen or the clipboard, direction marks could disguise
 * names (P2).
 */
const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** One line, without control characters, at most `limit` characters. */
export function clean(text: string, limit = 200): string {
  const line = text.replace(/\s+/gu, " ").replace(UNSAFE, "").toWellFormed();
  const points = [...line];
  return points.length <= limit ? line : `${points.slice(0, limit - 1).join("")}…`;
}

/** `[████░░░░░░] 40%`; `share` is 0 to 1. */
export function bar(share: number, width = 10): string {
  const bounded = Math.max(0, Math.min(1, share));
  const full = Math.round(bounded * width);
  return `[${"█".repeat(full)}${"░".repeat(width - full)}] ${Math.round(bounded * 100)}%`;
}

/** 950 → `950`, 12,345 → `12.3k`, 4,290,000 → `4.3M`. */
export function count(value: number): string {
  if (value < 1_000) return String(Math.round(value));
  if (value < 1_000_000) return `${trim(value / 1_000)}k`;
  return `${trim(value / 1_000_000)}M`;
}

function trim(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1).replace(/\.0$/, "");
}
