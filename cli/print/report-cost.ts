/** What a feature cost, with how much of it was reported, priced or unknown (M2). */
import { moneyText, tokenText } from "../../schema/event/describe/figure.ts";
import type { FeatureReport } from "../../schema/wire/report.ts";

export function reportCostText({ cost, tokens }: FeatureReport["overview"]): string {
  const { value, calls, unpriced_calls, reported_usd, priced_usd } = cost;
  if (calls === 0) return "unknown: no model call was reported";
  const used = tokens.value === null ? "" : `; ${tokenText(tokens.value)} tokens`;
  const missing = `${callsText(unpriced_calls)} without a price`;
  if (value === null) return `unknown (${missing}${used})`;
  const [reported, priced] = [reported_usd ?? 0, priced_usd ?? 0];
  const is_mixed = reported > 0 && priced > 0;
  const basis = is_mixed
    ? `${moneyText(reported)} reported, ${moneyText(priced)} priced`
    : priced > 0
      ? "priced"
      : "reported";
  if (unpriced_calls === 0) return `${moneyText(value)} (${basis}${used})`;
  const known = `${(calls - unpriced_calls).toLocaleString("en")} of ${callsText(calls)}`;
  return `${moneyText(value)} + ${missing} (${basis}${is_mixed ? "," : ""} for ${known}${used})`;
}

const callsText = (count: number): string => (count === 1 ? "1 call" : `${count.toLocaleString("en")} calls`);
