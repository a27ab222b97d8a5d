/** Which time a question looks at. */
import type { Format } from "../format/format.ts";
import type { Question } from "./question.ts";

export const RANGES = [
  { from: "1h", label: "1 h", words: "in the last hour" },
  { from: "24h", label: "24 h", words: "in the last 24 hours" },
  { from: "7d", label: "7 d", words: "in the last 7 days" },
  { from: "30d", label: "30 d", words: "in the last 30 days" },
  { from: null, label: "All", words: "in the whole log" },
] as const;

/** `in the last 24 hours`, `from 18 Feb, 17:12 to 19 Feb, 09:00`. */
export function rangeWords({ from, to, from_text, to_text }: Question, format: Format): string {
  const known = to_text === null ? RANGES.find((range) => range.from === from_text) : undefined;
  if (known !== undefined) return known.words;
  const parts = [
    from === null ? "" : `from ${format.moment(from)}`,
    to === null ? "" : `to ${format.moment(to)}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
