/** The cost of one feature in its parts: what its own calls cost, and its share of calls that name none (M1, M2). Pure. */
import type { Spent } from "../../../schema/metric/attribution.ts";
import type { Format } from "#lib/format/format.ts";
import type { DrawnRow } from "./card.ts";

/** As text; `–` where there was no call. */
export interface Split {
  /** Of calls of no feature: it is what is left of them, and has no parts. */
  is_unassigned: boolean;
  own: string;
  shared: string;
  /** Both; of nobody's calls, what is left of them. */
  whole: string;
  /** Where the whole is known from: `$0.06 reported, $0.02 priced, 1 call without a price`. */
  basis: string;
  /** Calls with a known cost, and without. */
  n: string;
  excluded: string;
}

export const NONE = "–";

/** Parts of calls add up to whole ones but for their last bits. */
const NO_CALL = 1e-9;

export function splitOf({ attributed, group }: DrawnRow, format: Format): Split | null {
  if (!attributed) return null;
  const { own, shared } = attributed;
  const whole = sumOf(attributed);
  const is_unassigned = group === null && attributed.unassigned !== undefined;
  const unpriced = whole.calls - whole.known_calls;
  return {
    is_unassigned,
    own: is_unassigned ? NONE : costText(own, format),
    shared: is_unassigned ? NONE : costText(shared, format),
    whole: costText(whole, format),
    basis: basisText(whole, format),
    n: countText(whole.known_calls, format),
    excluded: countText(unpriced, format),
  };
}

/** What a row is placed by: all that is attributed to it, else its value. Null: unknown. */
export function wholeOf({ value, attributed }: DrawnRow): number | null {
  if (!attributed) return value;
  const { known_calls, reported_usd, priced_usd } = sumOf(attributed);
  return known_calls < NO_CALL ? null : reported_usd + priced_usd;
}

function sumOf({ own, shared, unassigned }: NonNullable<DrawnRow["attributed"]>): Spent {
  const sum = { calls: 0, known_calls: 0, reported_usd: 0, priced_usd: 0, tokens: 0 };
  for (const part of unassigned === undefined ? [own, shared] : [own, shared, unassigned])
    for (const name of ["calls", "known_calls", "reported_usd", "priced_usd", "tokens"] as const)
      sum[name] += part[name];
  return sum;
}

function costText({ calls, known_calls, reported_usd, priced_usd }: Spent, format: Format): string {
  if (calls < NO_CALL) return NONE;
  return format.money(known_calls < NO_CALL ? null : reported_usd + priced_usd);
}

function basisText({ calls, known_calls, reported_usd, priced_usd }: Spent, format: Format): string {
  const unpriced = countText(calls - known_calls, format);
  const parts = [
    ...(reported_usd > 0 ? [`${format.money(reported_usd)} reported`] : []),
    ...(priced_usd > 0 ? [`${format.money(priced_usd)} priced`] : []),
    ...(calls - known_calls < NO_CALL
      ? []
      : [`${unpriced} ${unpriced === "1" ? "call" : "calls"} without a price`]),
  ];
  return parts.length === 0 ? NONE : parts.join(", ");
}

const countText = (calls: number, format: Format) =>
  format.decimal(calls < NO_CALL ? 0 : Number(calls.toFixed(9)));
