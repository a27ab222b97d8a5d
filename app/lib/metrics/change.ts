/** How a value moved against the window before: an arrow says the way, the hue says whether that is better. */
import type { Unit } from "../../../schema/metric/metric.ts";
import type { Format } from "#lib/format/format.ts";

export interface Change {
  /** `+9%`, `−4 pt`, `+0.05`. */
  text: string;
  arrow: "up" | "down" | null;
  tone: "good" | "bad" | "flat";
  /** Spoken behind the text. */
  words: "better" | "worse" | "no change";
}

/** Less than this of what was, or of a share, is called no change: half the table would be coloured by noise. */
const FLAT_SHARE = 0.02;
const FLAT_POINTS = 0.005;

export interface Moved {
  unit: Unit;
  direction: "up" | "down";
  value: number | null;
  previous: number | null;
  /** A ratio that is no share of a whole. */
  plain: boolean;
}

/** Null where one of both is unknown. */
export function changeOf({ unit, direction, value, previous, plain }: Moved, format: Format): Change | null {
  if (value === null || previous === null) return null;
  const by = value - previous;
  const is_share = unit === "ratio" && !plain;
  const flat = is_share ? Math.abs(by) < FLAT_POINTS : Math.abs(by) <= FLAT_SHARE * Math.abs(previous);
  const sign = by < 0 ? "−" : "+";
  const size = Math.abs(by);
  const text = is_share
    ? `${sign}${format.decimal(Math.round(size * 1_000) / 10)} pt`
    : unit === "count" || previous === 0
      ? `${sign}${format.figure(unit, size, plain)}`
      : `${sign}${format.percent(size / Math.abs(previous))}`;
  if (by === 0 || flat)
    return { text: by === 0 ? "±0" : text, arrow: null, tone: "flat", words: "no change" };
  const better = by > 0 === (direction === "up");
  return {
    text,
    arrow: by > 0 ? "up" : "down",
    tone: better ? "good" : "bad",
    words: better ? "better" : "worse",
  };
}
