/**
 * Figures as their reader writes them: separators of the reader's locale, units in the words of the page (English).
 * What nobody knows is the word for it, never 0 and never a blank.
 */
import { duration } from "../../../schema/event/describe/duration.ts";
import type { Bound, Unit } from "../../../schema/metric/metric.ts";
import { late } from "./late.ts";

export const UNKNOWN = "unknown";

const SECOND_MS = 1_000;

/** Three digits: a figure of some ten things is not known better. */
const DIGITS = 3;
/** A share nearer to none or all than this would be rounded to it, and that would be a lie. */
const NEAR = 0.0005;

const SPANS: readonly [length_ms: number, name: string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [SECOND_MS, "s"],
];

export interface Figures {
  /** A whole number, `7,041`. */
  count: (value: number | null) => string;
  /** Three digits, whole from a thousand on: `0.47`, `12.5`, `7,041`. */
  decimal: (value: number | null) => string;
  /** Of a share, 0 to 1: `78%`, `> 99.9%`. */
  percent: (share: number | null) => string;
  /** US dollars: with cents below a thousand, with as many digits as less than a cent needs. */
  money: (usd: number | null) => string;
  /** `4.29 M`. */
  tokens: (count: number | null) => string;
  /** `340 ms`, `8 s`, `9 min 14 s`, `3 h 6 min`, `2 d 4 h`: the two largest units. */
  span: (ms: number | null) => string;
  /** A value with its unit; `plain`: a ratio that is no share of a whole. */
  figure: (unit: Unit, value: number | null, plain?: boolean) => string;
  /** The same for an axis, where there is little room: a span in one unit, a rate without its hour. */
  brief: (unit: Unit, value: number | null, plain?: boolean) => string;
  /** `≤ 15 min`. */
  target: (unit: Unit, target: { bound: Bound; value: number } | null, plain?: boolean) => string;
}

const SIGNS: Record<Bound, string> = { "<": "<", "<=": "≤", "=": "=", ">=": "≥", ">": ">" };

/** `locale` undefined: the runtime's, which in a browser is the reader's. */
export function createFigures(locale: string | undefined): Figures {
  const whole = late(() => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
  const digits = late(() => new Intl.NumberFormat(locale, { maximumSignificantDigits: DIGITS }));
  const share = late(() => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }));
  const dollars = { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol" } as const;
  const cents = late(() => new Intl.NumberFormat(locale, dollars));
  const round_dollars = late(() => new Intl.NumberFormat(locale, { ...dollars, maximumFractionDigits: 0 }));
  const less = late(() => new Intl.NumberFormat(locale, { ...dollars, maximumSignificantDigits: 2 }));

  const known = (text: (value: number) => string) => (value: number | null) =>
    value === null || !Number.isFinite(value) ? UNKNOWN : text(value);
  const signed = (text: (size: number) => string) => (value: number) =>
    value < 0 ? `−${text(-value)}` : text(value);

  const decimal = signed((value) => (value >= 1_000 ? whole() : digits()).format(value));
  const percent = signed((value) => {
    if (value > 0 && value < NEAR) return `< ${share().format(0.001)}`;
    if (value < 1 && 1 - value < NEAR) return `> ${share().format(0.999)}`;
    return share().format(value);
  });
  const money = signed((usd) => {
    if (usd >= 1_000 || Number.isInteger(usd)) return round_dollars().format(usd);
    return (usd !== 0 && usd < 0.01 ? less() : cents()).format(usd);
  });
  const tokens = signed((count) => {
    if (count >= 1_000_000) return `${digits().format(count / 1_000_000)} M`;
    return count >= 1_000 ? `${digits().format(count / 1_000)} k` : digits().format(count);
  });
  const span = signed((ms) => duration(ms, decimal));

  const TEXTS: Record<Unit, (value: number) => string> = {
    ms: span,
    ratio: percent,
    tokens,
    count: decimal,
    per_hour: (value) => `${decimal(value)}/h`,
    usd: money,
    usd_per_hour: (value) => `${money(value)}/h`,
    per_1k_tokens: decimal,
  };
  const BRIEF: Partial<Record<Unit, (value: number) => string>> = {
    ms: signed((ms) => {
      const [length_ms, name] = SPANS.find(([each]) => ms >= each) ?? [1, "ms"];
      return `${digits().format(ms / length_ms)} ${name}`;
    }),
    per_hour: decimal,
    usd_per_hour: money,
  };
  const figure = (unit: Unit, value: number | null, plain = false) =>
    known(plain && unit === "ratio" ? decimal : TEXTS[unit])(value);
  return {
    count: known((value) => whole().format(value)),
    decimal: known(decimal),
    percent: known(percent),
    money: known(money),
    tokens: known(tokens),
    span: known(span),
    figure,
    brief: (unit, value, plain = false) =>
      known(plain && unit === "ratio" ? decimal : (BRIEF[unit] ?? TEXTS[unit]))(value),
    target: (unit, target, plain) =>
      target === null ? UNKNOWN : `${SIGNS[target.bound]} ${figure(unit, target.value, plain)}`,
  };
}
