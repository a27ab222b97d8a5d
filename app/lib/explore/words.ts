/** Fields, values, filters and calculations in words. */
import { METADATA_PREFIX, METRICS_PREFIX } from "../../../schema/column/field.ts";
import type { Calculation, Filter, FilterOp } from "../../../schema/wire/query.ts";
import type { Format } from "../format/format.ts";

type Value = string | number | boolean | null;

/** What a field's numbers count, by how its name ends: units stand in names. */
type FieldUnit = "moment" | "ms" | "usd" | "plain";

function unitOf(field: string): FieldUnit {
  if (field === "time") return "moment";
  if (field.endsWith("_ms")) return "ms";
  return field.endsWith("_usd") ? "usd" : "plain";
}

/** `duration_ms`, `model`: the part before it says nothing to a reader. */
export function shortField(field: string): string {
  for (const prefix of [METADATA_PREFIX, METRICS_PREFIX])
    if (field.startsWith(prefix) && field.length > prefix.length) return field.slice(prefix.length);
  return field;
}

export function numberText(field: string, value: number | null, format: Format): string {
  const unit = unitOf(field);
  if (value === null) return "unknown";
  if (unit === "moment") return format.moment(value);
  if (unit === "ms") return format.span(value);
  return unit === "usd" ? format.money(value) : field === "seq" ? format.count(value) : format.decimal(value);
}

/** A value of a field; null: the events have none. */
export function valueText(field: string, value: Value, format: Format): string {
  if (value === null) return "none";
  return typeof value === "number" ? numberText(field, value, format) : String(value);
}

export function calculationText({ op, field }: Calculation): string {
  return field === null ? "Events" : `${op} of ${shortField(field)}`;
}

/** Of counts every digit, of others what is known of them. */
export function resultText({ op, field }: Calculation, value: number | null, format: Format): string {
  return field === null || op === "count" ? format.count(value) : numberText(field, value, format);
}

export const OP_SIGN: Record<FilterOp, string> = {
  eq: "=",
  ne: "≠",
  in: "in",
  not_in: "not in",
  lt: "<",
  le: "≤",
  gt: ">",
  ge: "≥",
  contains: "contains",
  prefix: "begins with",
  exists: "is there",
  missing: "is missing",
};

export function filterText({ field, op, values }: Filter, format: Format): string {
  const moment = unitOf(field) === "moment";
  const shown = values.map((value) => (moment ? format.moment(Number(value)) : value));
  return [field, OP_SIGN[op], shown.join(", ")].filter((part) => part !== "").join(" ");
}

/** One value of a field, or that it is not there. */
export const filterFor = (field: string, value: Value): Filter =>
  value === null ? { field, op: "missing", values: [] } : { field, op: "eq", values: [String(value)] };
