/** One thing that sets selected events apart, in words and as filters. */
import type { Format } from "../format/format.ts";
import type { Difference, Filter } from "../../../schema/wire/query.ts";
import { filterFor, numberText, valueText } from "./words.ts";

/** `m-1`, `8 s to 12 s`, `above 3`, `none`. */
export function differenceText({ field, value, range }: Difference, format: Format): string {
  if (range === null) return valueText(field, value, format);
  const { from, to } = range;
  if (from === null) return `up to ${numberText(field, to, format)}`;
  if (to === null) return `from ${numberText(field, from, format)} on`;
  return from === to
    ? numberText(field, from, format)
    : `${numberText(field, from, format)} to ${numberText(field, to, format)}`;
}

/** The bound nearer to 0 belongs to a range; 0 is its own. */
export function differenceFilters({ field, value, range }: Difference): Filter[] {
  if (range === null) return [filterFor(field, value)];
  const { from, to } = range;
  if (from !== null && from === to) return [filterFor(field, from)];
  const negative = (to ?? from ?? 0) <= 0 && (from ?? -1) < 0;
  const filters: Filter[] = [];
  if (from !== null) filters.push({ field, op: negative ? "gt" : "ge", values: [String(from)] });
  if (to !== null) filters.push({ field, op: negative ? "le" : "lt", values: [String(to)] });
  return filters;
}
