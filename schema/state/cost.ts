/**
 * What calls cost, as text. A cost never stands without how much of it was
 * reported or priced and how many calls are missing, and unknown is never $0 (M2).
 *
 *   $0.42                             reported
 *   $5.06 + 3 calls without a price   $3.86 reported, $1.20 priced, for 5 of 8 calls
 *   unknown                           3 calls without a price
 */
import { moneyText } from "../event/describe/figure.ts";
import type { Usage } from "./entity/usage.ts";

export interface Cost {
  text: string;
  /** Where it comes from, and for how many of the calls it stands. */
  basis: string;
}

/** Null where no call was reported: nobody knows whether there was any. */
export function costOf(usage: Usage): Cost | null {
  const { calls, reported_calls, reported_usd, priced_calls, priced_usd } = usage;
  if (calls === 0) return null;
  const known = reported_calls + priced_calls;
  const missing = callsText(calls - known);
  if (known === 0) return { text: "unknown", basis: `${missing} without a price` };
  const amount = moneyText(reported_usd + priced_usd);
  const mixed = reported_calls > 0 && priced_calls > 0;
  const basis = mixed
    ? `${moneyText(reported_usd)} reported, ${moneyText(priced_usd)} priced`
    : reported_calls > 0
      ? "reported"
      : "priced";
  if (known === calls) return { text: amount, basis };
  return {
    text: `${amount} + ${missing} without a price`,
    basis: `${basis}${mixed ? "," : ""} for ${known.toLocaleString("en")} of ${callsText(calls)}`,
  };
}

const callsText = (count: number) => (count === 1 ? "1 call" : `${count.toLocaleString("en")} calls`);
