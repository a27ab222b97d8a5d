/** The time that a metric is asked for, and the one before it. */
import { DAY_MS, floorTo, HOUR_MS, spanAt } from "./slot.ts";

export const WINDOWS = ["1h", "24h", "7d", "30d", "all"] as const;
export type WindowName = (typeof WINDOWS)[number];

const LENGTH_MS: Record<Exclude<WindowName, "all">, number> = {
  "1h": HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
};

/** ms; null where it is open. */
export function lengthOf(window: WindowName): number | null {
  return window === "all" ? null : LENGTH_MS[window];
}

/** Absent ends are open. ms. */
export interface Range {
  from?: number | undefined;
  to?: number | undefined;
}

/** `from` inclusive, `to` exclusive; ms, infinite where they are open. */
export interface Window {
  from: number;
  to: number;
  /** Where the window before it begins; `from` where there is none. */
  previous: number;
}

/** The beginning of the slot that holds a time: sums are kept by slot, so a window begins with one. */
export type Snap = (time_ms: number) => number;

/** As the tally has it when the log's own time is `log_ms`; before `days_until_ms` it has days alone. */
export function snapTo(log_ms: number, days_until_ms = -Infinity): Snap {
  return (time_ms) => floorTo(time_ms, time_ms < days_until_ms ? DAY_MS : spanAt(time_ms, log_ms));
}
export const snapToHour: Snap = (time_ms) => floorTo(time_ms, HOUR_MS);

export function windowOf(asked: WindowName | Range, now_ms: number, snap: Snap): Window {
  if (asked === "all") return { from: -Infinity, to: Infinity, previous: -Infinity };
  if (typeof asked === "string") return before(now_ms - LENGTH_MS[asked], Infinity, LENGTH_MS[asked], snap);
  const from = asked.from ?? -Infinity;
  const to = asked.to ?? Infinity;
  return before(from, to, Math.min(to, now_ms) - from, snap);
}

function before(from_ms: number, to_ms: number, length_ms: number, snap: Snap): Window {
  if (from_ms === -Infinity) return { from: from_ms, to: snapEnd(to_ms, snap), previous: from_ms };
  const from = snap(from_ms);
  return { from, to: snapEnd(to_ms, snap), previous: length_ms > 0 ? snap(from - length_ms) : from };
}

const snapEnd = (to_ms: number, snap: Snap) => (to_ms === Infinity ? to_ms : snap(to_ms));
