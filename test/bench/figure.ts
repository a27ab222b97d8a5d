/** A measured figure: what it is, each run of it, what it stands beside, and what DESIGN §8 asks of it. */
import { loadNow, median } from "./machine.ts";

export interface Target {
  /** The figure itself, or its ratio to what stands beside it. */
  of: "figure" | "ratio";
  at_least?: number;
  at_most?: number;
}

export interface Figure {
  what: string;
  unit: string;
  /** One value per run; their median is the figure. */
  runs: number[];
  /** Measured in the same runs, in the same unit. */
  beside?: { what: string; runs: number[] };
  target?: Target;
  /** Load average of the last minute when it was done. */
  load: number;
}

/** A figure whose own check failed: it says nothing, and the run ends with 1. */
export class Untrue extends Error {}

export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Untrue(message);
}

export const figure = (
  what: string,
  unit: string,
  runs: number[],
  more: Pick<Figure, "beside" | "target"> = {},
): Figure => ({ what, unit, runs, ...more, load: loadNow() });

/** Run by run, so that a neighbour's burst meets both sides or costs one run. */
export function ratios({ runs, beside }: Figure): number[] {
  return beside === undefined ? [] : runs.map((run, index) => run / (beside.runs[index] ?? Number.NaN));
}

/** Null where nothing is asked. */
export function isMet(found: Figure): boolean | null {
  const { target } = found;
  if (target === undefined) return null;
  const value = median(target.of === "ratio" ? ratios(found) : found.runs);
  return value >= (target.at_least ?? -Infinity) && value <= (target.at_most ?? Infinity);
}
