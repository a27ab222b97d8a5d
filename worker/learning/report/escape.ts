/**
 * Text of events within Markdown: one line, and text alone (P2). What could begin a heading, a link, a tag, an
 * emphasis, a cell or a formula is escaped. Where a report is pasted an address would become a link, `@name` call a
 * person and `#1` name an issue without any markup: a zero-width space breaks these.
 */
const MAX_CHARS = 300;

const UNSAFE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const MARKUP = /[\\`*_[\]<>#|~&$]/g;
const LINKING = /:(?=\/\/)|w(?=ww\.)|[@#](?=\S)/gi;
const ZERO_WIDTH_SPACE = "\u200B";

export function inline(text: string, limit = MAX_CHARS): string {
  const line = text.replace(/\s+/gu, " ").replace(UNSAFE, "").toWellFormed().trim();
  const points = [...line];
  const short = points.length <= limit ? line : `${points.slice(0, limit - 1).join("")}…`;
  return short.replace(LINKING, (mark) => `${mark}${ZERO_WIDTH_SPACE}`).replace(MARKUP, "\\$&");
}
