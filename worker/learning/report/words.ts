/** Words that several parts of a report say alike. */
import { duration } from "../../../schema/event/describe/duration.ts";
import { moneyText, tokenText } from "../../../schema/event/describe/figure.ts";

/** Characters of an id within a sentence: the list of tasks has it whole. */
const MAX_ID_CHARS = 60;

export const UNIT_TEXT = { ms: duration, usd: moneyText, tokens: tokenText } as const;
export type ReportUnit = keyof typeof UNIT_TEXT;

export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const named = (id: string): string =>
  id.length <= MAX_ID_CHARS ? id : `${id.slice(0, MAX_ID_CHARS - 1)}…`;

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(ids: readonly string[], most = 3): string {
  const shown = ids.slice(0, ids.length > most ? most - 1 : most).map(named);
  const more = ids.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more.toLocaleString("en")} more`;
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

/** Beyond it a ratio is told as beyond it. */
const MOST_TIMES = 1_000;

/** `14% more than`, `3.2 times as much as`. `ratio` above 0. */
export function times(ratio: number): string {
  // Nobody works a thousand times as long: it lay about, and the figure is no measure of it.
  if (ratio >= MOST_TIMES) return `more than ${MOST_TIMES.toLocaleString("en")} times`;
  if (ratio >= 2) return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1)} times as much as`;
  const percent = Math.round(Math.abs(ratio - 1) * 100);
  if (percent === 0) return "as much as";
  return `${percent}% ${ratio > 1 ? "more" : "less"} than`;
}
