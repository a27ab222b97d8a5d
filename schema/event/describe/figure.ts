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
  // More cents than a number counts one by one.
  if (Math.abs(usd) >= 1e13) return usd.toLocaleString("en-US", { style: "currency", currency: "USD" });
  // By hand: a formatter is made anew with each call, and pages write prices for every frame of a stream. By the
  // number's own digits, so that 9.995 is rounded as it reads.
  const cents = Math.round(Number(`${Math.abs(usd)}e2`));
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(?:\d{3})+$)/g, ",");
  return `${usd < 0 ? "-" : ""}$${whole}.${String(cents % 100).padStart(2, "0")}`;
}

function significant(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
