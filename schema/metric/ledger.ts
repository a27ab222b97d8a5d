/** The sums of one group over one window, and how long it worked. */
import type { Cell } from "./cell.ts";
import { noteCoverage, type Coverage } from "./coverage.ts";
import { DAY_MS, floorTo, HOUR_MS } from "./slot.ts";
import { addPacked, addSums, createLedgerSums, type LedgerSums } from "./sums.ts";

export interface Ledger {
  sums: LedgerSums;
  /** By the start of a day: its hours with work, a bit each. */
  days: Map<number, number>;
  /** By feature, as sums are: the newest figure of each suite, whoever measured it. */
  coverage: Coverage[];
  /** The length of the window, hours; infinite where it is open. */
  window_hours: number;
  /** The same as far as there is a log. */
  wall_hours: number;
  /** From the first event to the end of the window, hours. */
  age_hours: number;
  /** Merges that are too young to say whether a bug escaped. */
  censored: number;
  /** False: of this log nothing is known but that tasks open and close (`told.ts`). */
  is_told: boolean;
  /** False: heartbeats come too far apart to tell who is away (`heard.ts`). */
  is_heard: boolean;
  /** False: no approval was ever told, so that no share of verdicts follows (`approved.ts`). */
  is_approved: boolean;
  /** False: of a role, an agent or a model, none of whom has a feature for itself. */
  has_features: boolean;
  /** From the first event to now: of the clock hours in which they lie, no more than that can have been work. */
  span: { from_ms: number; to_ms: number };
}

/** What a ledger knows of the log and of the question. */
export type Circumstance = Pick<Ledger, "is_told" | "is_heard" | "is_approved" | "has_features" | "span">;
const ALL_KNOWN: Circumstance = {
  is_told: true,
  is_heard: true,
  is_approved: true,
  has_features: true,
  span: { from_ms: -Infinity, to_ms: Infinity },
};

/** A rate by the hour of less work than this is a guess at the rest of the hour: the least that is divided by. */
export const MIN_ACTIVE_HOURS = 1;

export function createLedger(
  window_hours: number,
  wall_hours: number,
  age_hours = Infinity,
  { is_told, is_heard, is_approved, has_features, span }: Circumstance = ALL_KNOWN,
): Ledger {
  const hours = { window_hours, wall_hours, age_hours };
  return {
    sums: createLedgerSums(),
    days: new Map(),
    coverage: [],
    ...hours,
    censored: 0,
    is_told,
    is_heard,
    is_approved,
    has_features,
    span,
  };
}

export function addToLedger(ledger: Ledger, start_ms: number, cell: Cell): void {
  if (cell.packed === undefined) addSums(ledger.sums, cell.sums);
  else addPacked(ledger.sums, cell.packed);
  if (cell.hours !== 0) {
    const day = floorTo(start_ms, DAY_MS);
    ledger.days.set(day, (ledger.days.get(day) ?? 0) | cell.hours);
  }
  for (const measured of cell.coverage) noteCoverage(ledger.coverage, measured);
}

/**
 * Clock hours with work, the first and the current one as far as the log spans them; at least one, and never more than
 * the window has, which may lie in two of them. Null where there was none.
 */
export function activeHours({ days, window_hours, span }: Ledger): number | null {
  let hours = 0;
  let is_any = false;
  for (const [day, mask] of days)
    for (let hour = 0; hour < 24; hour += 1) {
      if ((mask & (1 << hour)) === 0) continue;
      is_any = true;
      const start_ms = day + hour * HOUR_MS;
      hours += hoursBetween(Math.max(start_ms, span.from_ms), Math.min(start_ms + HOUR_MS, span.to_ms));
    }
  return is_any ? Math.min(Math.max(hours, MIN_ACTIVE_HOURS), window_hours) : null;
}

export function hoursBetween(from_ms: number, to_ms: number): number {
  return Math.max(0, to_ms - from_ms) / HOUR_MS;
}
