/**
 * What a project holds its metrics against, in D1. It is read with each question and no room has a copy: a metric
 * is judged when it is asked for, so a new cap holds at once, for the past as for now.
 */
import { eq } from "drizzle-orm";
import type { Ask } from "../../schema/metric/ask.ts";
import { project_setting } from "../../schema/table/tables.ts";
import { DEFAULT_MEASURING, type MeasuringSettings } from "../../schema/wire/measuring.ts";
import type { Database } from "./database.ts";

const COLUMNS = {
  cost_per_hour_cap_usd: project_setting.cost_per_hour_cap_usd,
  simple_below: project_setting.simple_below,
  complex_above: project_setting.complex_above,
};

interface Columns {
  cost_per_hour_cap_usd: number | null;
  simple_below: number | null;
  complex_above: number | null;
}

/** Undefined: a project without a row. */
export function measuringOf(row: Columns | undefined): MeasuringSettings {
  if (row === undefined) return DEFAULT_MEASURING;
  const { cost_per_hour_cap_usd, simple_below, complex_above } = row;
  const is_set = simple_below !== null && complex_above !== null;
  return {
    cost_per_hour_cap_usd,
    complexity: is_set ? { simple_below, complex_above } : DEFAULT_MEASURING.complexity,
  };
}

export function columnsOf({ cost_per_hour_cap_usd, complexity }: MeasuringSettings): Columns {
  return { cost_per_hour_cap_usd, ...complexity };
}

/** As `measure` takes it. */
export async function readMeasuring(
  database: Database,
  project_id: string,
): Promise<Required<Pick<Ask, "targets" | "complexity">>> {
  const [row] = await database
    .select(COLUMNS)
    .from(project_setting)
    .where(eq(project_setting.project_id, project_id));
  const { cost_per_hour_cap_usd: cap, complexity } = measuringOf(row);
  return {
    targets: new Map(cap === null ? [] : [["cost_per_hour", cap]]),
    complexity: { medium_from: complexity.simple_below, medium_to: complexity.complex_above },
  };
}
