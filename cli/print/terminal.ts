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

/** Several lines of our own words with somebody's in them, such as a file's name: as they stand, without what steers. */
export function cleanLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(UNSAFE, ""))
    .join("\n");
}

/** `[████░░░░░░]`; `share` is 0 to 1. */
export function bar(share: number, width = 10): string {
  const bounded = Math.max(0, Math.min(1, share));
  const full = Math.round(bounded * width);
  return `[${"█".repeat(full)}${"░".repeat(width - full)}]`;
}
