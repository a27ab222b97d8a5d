/** What people type about measures, as numbers; and what is set, in words. */
import { MAX_BOUND_FILES } from "../../../schema/metric/complexity.ts";
import type { ComplexitySetting, MeasuringSettings } from "../../../schema/wire/measuring.ts";

export const MEASURING_FIELDS = ["cost_per_hour_cap_usd", "simple_below", "complex_above"] as const;
export type MeasuringField = (typeof MEASURING_FIELDS)[number];
export type MeasuringText = Record<MeasuringField, string>;
export type MeasuringErrors = Partial<Record<MeasuringField, string>>;

export function textOf({ cost_per_hour_cap_usd, complexity }: MeasuringSettings): MeasuringText {
  return {
    cost_per_hour_cap_usd: cost_per_hour_cap_usd === null ? "" : String(cost_per_hour_cap_usd),
    simple_below: String(complexity.simple_below),
    complex_above: String(complexity.complex_above),
  };
}

/** An empty cap is none; the range of each is the server's to check, but what is no number would be sent as null. */
export function readMeasuring(
  text: MeasuringText,
): { ok: true; value: MeasuringSettings } | { ok: false; errors: MeasuringErrors } {
  const cap = text.cost_per_hour_cap_usd.trim().replace(/^\$\s*/, "");
  const cost_per_hour_cap_usd = cap === "" ? null : Number(cap);
  const complexity: ComplexitySetting = {
    simple_below: filesIn(text.simple_below),
    complex_above: filesIn(text.complex_above),
  };
  const errors: MeasuringErrors = {};
  if (cost_per_hour_cap_usd !== null && !Number.isFinite(cost_per_hour_cap_usd))
    errors.cost_per_hour_cap_usd = "An amount such as 5 or 2.50 is expected, or nothing for no cap.";
  for (const field of ["simple_below", "complex_above"] as const)
    if (!Number.isFinite(complexity[field]))
      errors[field] =
        `A whole number of files from 1 to ${MAX_BOUND_FILES.toLocaleString("en")} is expected.`;
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { cost_per_hour_cap_usd, complexity } };
}

const filesIn = (text: string): number => (text.trim() === "" ? NaN : Number(text));

/** Those of the fields here; `complexity.simple_below` is the server's name of one. */
export function errorsOf(fields: Readonly<Record<string, string>>): MeasuringErrors {
  const errors: MeasuringErrors = {};
  for (const [path, message] of Object.entries(fields)) {
    const field = MEASURING_FIELDS.find((name) => path === name || path.endsWith(`.${name}`));
    if (field !== undefined) errors[field] = message;
  }
  return errors;
}
