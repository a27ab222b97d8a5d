/**
 * A window cut into steps of equal length, for a line over time. Sums are kept by slots of time, so a step is a
 * whole number of the coarsest slots that the window holds: fewer steps come of it than were asked for where
 * nothing finer is known, and one more where the window begins within a slot.
 */
import type { Cell } from "./cell.ts";
import { addToLedger, createLedger, hoursBetween, type Circumstance, type Ledger } from "./ledger.ts";
import type { Metric } from "./metric.ts";
import { FINE_MS, floorTo } from "./slot.ts";
import { packedAmount, type SumName } from "./sums.ts";
import type { Window } from "./window.ts";

/** Fewer make no line. */
export const MIN_POINTS = 2;
/** A day by quarters of an hour; more are no longer told apart in a chart of a screen's width. */
export const MAX_POINTS = 96;

export interface Series {
  /** Where the first step begins, ms since 1970. */
  from: number;
  /** The last step ends with the window, or with now, and is shorter. */
  step_ms: number;
  /** Null: unknown in that step. */
  values: (number | null)[];
  /** How many things each value rests on. */
  n: number[];
}

export interface Steps {
  from_ms: number;
  step_ms: number;
  count: number;
  /** Of the last step. */
  end_ms: number;
}

/** None where the window is empty. `first_ms`: where an open window begins. */
export function stepsOf(
  slots: readonly { start_ms: number; span_ms: number }[],
  window: Window,
  { points, now_ms, first_ms }: { points: number; now_ms: number; first_ms: number | null },
): Steps {
  const inside = slots.filter(({ start_ms }) => start_ms >= window.from && start_ms < window.to);
  const unit_ms = inside.reduce((most, { span_ms }) => Math.max(most, span_ms), FINE_MS);
  const begin_ms =
    window.from === -Infinity
      ? inside.reduce((least, { start_ms }) => Math.min(least, start_ms), first_ms ?? now_ms)
      : window.from;
  const from_ms = floorTo(begin_ms, unit_ms);
  const end_ms = Math.min(window.to, now_ms);
  const length_ms = Math.max(0, end_ms - from_ms);
  const step_ms = unit_ms * Math.max(1, Math.ceil(Math.floor(length_ms / unit_ms) / points));
  return { from_ms, step_ms, count: Math.ceil(length_ms / step_ms), end_ms };
}

/** The ledgers of one group, a step each; those in which nothing happened are not made. */
export class StepLedgers {
  readonly #steps: Steps;
  readonly #first_ms: number;
  readonly #log: Circumstance;
  readonly #ledgers: (Ledger | undefined)[];

  constructor(steps: Steps, first_ms: number, log: Circumstance) {
    this.#steps = steps;
    this.#first_ms = first_ms;
    this.#log = log;
    this.#ledgers = new Array<Ledger | undefined>(steps.count);
  }

  addCell(start_ms: number, cell: Cell, is_censored: boolean): void {
    const ledger = this.#at(start_ms);
    if (ledger === null) return;
    addToLedger(ledger, start_ms, cell);
    if (is_censored) censorCell(ledger, cell);
  }

  addFact(time_ms: number, name: SumName, amount: number, is_censored: boolean): void {
    const ledger = this.#at(time_ms);
    if (ledger !== null) addFact(ledger, name, amount, is_censored);
  }

  read(metric: Metric): Series {
    const { from_ms, step_ms, count } = this.#steps;
    const nothing = metric.read(createLedger(step_ms, step_ms, Infinity, this.#log));
    const readings = Array.from({ length: count }, (_, i) => {
      const ledger = this.#ledgers[i];
      return ledger === undefined ? nothing : metric.read(ledger);
    });
    return {
      from: from_ms,
      step_ms,
      values: readings.map(({ value }) => value),
      n: readings.map(({ n }) => n),
    };
  }

  /** What is dated before the first step or after now counts in the step next to it. */
  #at(time_ms: number): Ledger | null {
    const { from_ms, step_ms, count, end_ms } = this.#steps;
    if (count === 0) return null;
    const i = Math.min(count - 1, Math.max(0, Math.floor((time_ms - from_ms) / step_ms)));
    const known = this.#ledgers[i];
    if (known !== undefined) return known;
    const start_ms = from_ms + i * step_ms;
    const stop_ms = Math.min(start_ms + step_ms, end_ms);
    const ledger = createLedger(
      hoursBetween(start_ms, stop_ms),
      hoursBetween(Math.max(start_ms, Math.min(this.#first_ms, stop_ms)), stop_ms),
      // Of the log, not of the step: once a feature could have been finished, no merge in its first hours is 0 too.
      hoursBetween(this.#first_ms, end_ms),
      this.#log,
    );
    this.#ledgers[i] = ledger;
    return ledger;
  }
}

export function addFact(ledger: Ledger, name: SumName, amount: number, is_censored: boolean): void {
  ledger.sums[name] += amount;
  if (!is_censored) return;
  if (name === "merged_features") censor(ledger, amount, 0);
  else if (name === "escaped_features") censor(ledger, 0, amount);
}

export function censorCell(ledger: Ledger, cell: Cell): void {
  const { packed } = cell;
  const of = (name: SumName) => (packed === undefined ? cell.sums[name] : packedAmount(packed, name));
  censor(ledger, of("merged_features"), of("escaped_features"));
}

/** Too young to say: neither among the merges nor among the escapes. */
function censor(ledger: Ledger, merged: number, escaped: number): void {
  ledger.sums.merged_features -= merged;
  ledger.sums.escaped_features -= escaped;
  ledger.censored += merged;
}
