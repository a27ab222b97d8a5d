/** Tokens and money as text. */

const MILLION = 1_000_000;
const THOUSAND = 1_000;

/** `4.29 M`, `21.6 k`, `980`: three significant digits. */
export function tokenText(count: number): string {
  if (count >= MILLION) return `${significant(count / MILLION)} M`;
  if (count >= THOUSAND) return `${significant(count / THOUSAND)} k`;
  return String(count);
}

/** Cents, or as many digits as a fraction of a cent needs. */
export function moneyText(usd: number): string {
  if (usd === 0) return "$0.00";
  if (Math.abs(usd) < 0.01) return `$${usd.toPrecision(2)}`;
  return usd.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
