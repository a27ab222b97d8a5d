/** What a project's admins hold its metrics against: part of its settings. */
import * as z from "zod";
import { COMPLEXITY_BOUNDS, MAX_BOUND_FILES } from "../metric/complexity.ts";

/** Numbers of files that work touched. */
export interface ComplexitySetting {
  /** Fewer are simple. */
  simple_below: number;
  /** More are complex; what is neither is medium. */
  complex_above: number;
}

export interface MeasuringSettings {
  /** What an hour of work is to stay below, USD; null: no cap. */
  cost_per_hour_cap_usd: number | null;
  complexity: ComplexitySetting;
}

export const DEFAULT_MEASURING: MeasuringSettings = {
  cost_per_hour_cap_usd: null,
  complexity: { simple_below: COMPLEXITY_BOUNDS.medium_from, complex_above: COMPLEXITY_BOUNDS.medium_to },
};

/** USD an hour: more than any project spends; above it somebody meant cents, or tokens. */
export const MAX_CAP_USD_PER_HOUR = 1_000_000;

const CAP = `The cap is a number of USD an hour above 0 and up to ${MAX_CAP_USD_PER_HOUR.toLocaleString("en")}, or null for none.`;
const FILES = `A bound is a whole number of files from 1 to ${MAX_BOUND_FILES.toLocaleString("en")}.`;

const files = z.number({ error: FILES }).int(FILES).min(1, FILES).max(MAX_BOUND_FILES, FILES);

export const capSetting = z
  .number({ error: CAP })
  .gt(0, CAP)
  .max(MAX_CAP_USD_PER_HOUR, CAP)
  .nullable()
  .describe("What an hour of work is to stay below, USD; null: no cap.");

export const complexitySetting = z
  .strictObject(
    { simple_below: files, complex_above: files },
    { error: "complexity is simple_below and complex_above, numbers of files." },
  )
  .refine(({ simple_below, complex_above }) => complex_above >= simple_below, {
    path: ["complex_above"],
    error:
      "Work cannot be complex above fewer files than it is simple below: raise this one, or lower the other.",
  })
  .describe(
    "By files touched: fewer than simple_below is simple, more than complex_above is complex.",
  ) satisfies z.ZodType<ComplexitySetting>;
