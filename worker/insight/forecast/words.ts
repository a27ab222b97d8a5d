/** Forecasts in words: "about 14 min (9–31) and $0.42 ($0.20–0.90), from 23 similar tasks". */
import { UNITS } from "../work/record.ts";
import type { Forecast } from "./forecaster.ts";

const MINUTE_MS = 60_000;
/** From this many of a unit on, the next larger one reads better. */
const SCALES: readonly [string, number][] = [
  ["days", 24 * 60 * MINUTE_MS],
  ["h", 60 * MINUTE_MS],
  ["min", MINUTE_MS],
  ["s", 1_000],
];

/** Two significant digits: a forecast knows no more. */
function two(value: number): string {
  if (value >= 100)
    return String(
      Math.round(value / 10 ** (Math.floor(Math.log10(value)) - 1)) *
        10 ** (Math.floor(Math.log10(value)) - 1),
    );
  return String(Number(value.toPrecision(2)));
}

function scaleOf(value_ms: number): readonly [string, number] {
  return SCALES.find(([, unit_ms]) => value_ms >= 1.5 * unit_ms) ?? ["s", 1_000];
}

export function durationWords(value_ms: number): string {
  const [name, unit_ms] = scaleOf(value_ms);
  return `${two(value_ms / unit_ms)} ${name}`;
}

/** The ends of an interval in the unit of its middle where they fit it, else each in its own. */
function durationRange(low_ms: number, high_ms: number, middle_ms: number): string {
  const [name, unit_ms] = scaleOf(middle_ms);
  const fits = low_ms >= unit_ms / 10 && high_ms < 100 * unit_ms;
  if (fits) return `${two(low_ms / unit_ms)}–${two(high_ms / unit_ms)}`;
  const [low, high] = [durationWords(low_ms), durationWords(high_ms)];
  return low.endsWith(` ${name}`) && high.endsWith(` ${name}`)
    ? `${low.slice(0, -name.length - 1)}–${high}`
    : `${low} – ${high}`;
}

const money = (usd: number): string =>
  usd >= 0.995 || usd === 0 ? usd.toFixed(2) : usd >= 0.01 ? usd.toFixed(2) : usd.toPrecision(1);

const counted = (value: number): string =>
  value >= 1e6 ? `${two(value / 1e6)} M` : value >= 1e3 ? `${two(value / 1e3)} k` : two(value);

function one({ measure, value, interval }: Forecast): string {
  switch (UNITS[measure]) {
    case "ms":
      return (
        durationWords(value) +
        (interval === null ? "" : ` (${durationRange(interval.low, interval.high, value)})`)
      );
    case "usd":
      return (
        `$${money(value)}` + (interval === null ? "" : ` ($${money(interval.low)}–${money(interval.high)})`)
      );
    case "tokens":
      return (
        `${counted(value)} tokens` +
        (interval === null ? "" : ` (${counted(interval.low)}–${counted(interval.high)})`)
      );
  }
}

/** Of one piece of work; `is` names what the sample is made of. */
export function forecastWords(forecasts: readonly (Forecast | null)[], is: "task" | "feature"): string {
  const known = forecasts.filter((forecast) => forecast !== null);
  const [first] = known;
  if (first === undefined) return `unknown: no finished ${is} to go by`;
  const n = Math.min(...known.map((forecast) => forecast.n));
  const open = known.some(({ interval }) => interval === null)
    ? "; too few forecasts scored yet for an interval"
    : "";
  return `about ${known.map(one).join(" and ")}, from ${n} similar ${is}${n === 1 ? "" : "s"}${open}`;
}
