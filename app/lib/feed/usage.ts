/** What work consumed, as text. A cost never stands without where it comes from, and unknown is never $0 (M2). */
import { moneyText, tokenText } from "../../../schema/event/describe/figure.ts";
import type { Usage } from "../../../schema/state/state.ts";

export function tokensText(usage: Usage): string | null {
  if (usage.calls === 0) return null;
  const input = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
  return `${tokenText(input)} in, ${tokenText(usage.output_tokens)} out`;
}

export interface Cost {
  /** Null: no call has a known cost. */
  amount: string | null;
  /** Where the amount comes from, and how much is missing. */
  basis: string;
}

export function costOf(usage: Usage): Cost | null {
  if (usage.calls === 0) return null;
  const unknown = usage.calls - usage.reported_calls - usage.priced_calls;
  const parts = [
    usage.reported_calls > 0 ? share(usage.reported_usd, "reported", usage.priced_calls > 0) : "",
    usage.priced_calls > 0 ? share(usage.priced_usd, "priced", usage.reported_calls > 0) : "",
    unknown > 0 ? `${calls(unknown)} of unknown cost` : "",
  ].filter((part) => part !== "");
  const known = usage.reported_calls + usage.priced_calls > 0;
  return { amount: known ? moneyText(usage.reported_usd + usage.priced_usd) : null, basis: parts.join(", ") };
}

const share = (usd: number, word: string, mixed: boolean) => (mixed ? `${moneyText(usd)} ${word}` : word);
const calls = (count: number) => (count === 1 ? "1 call" : `${count.toLocaleString("en")} calls`);
