/** Tokens and money as text. A cost never stands without where it comes from, and unknown is never $0 (M2). */
import type { Usage } from "../../../schema/state/state.ts";

const MILLION = 1_000_000;
const THOUSAND = 1_000;

/** `4.29 M`, `21.6 k`, `980`: three significant digits. */
export function tokenText(count: number): string {
  if (count >= MILLION) return `${significant(count / MILLION)} M`;
  if (count >= THOUSAND) return `${significant(count / THOUSAND)} k`;
  return String(count);
}

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

/** Cents, or as many digits as a fraction of a cent needs. */
export function moneyText(usd: number): string {
  if (usd === 0) return "$0.00";
  if (Math.abs(usd) < 0.01) return `$${usd.toPrecision(2)}`;
  return usd.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
