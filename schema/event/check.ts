/** Checks the metadata and metrics of a known type against its zod schemas, field by field. */
import type { Json } from "./event.ts";
import type { Field } from "./field.ts";
import { MAX_KEY_CHARS, MAX_METRIC, MAX_METRICS } from "./limits.ts";
import { isPlain } from "./json.ts";
import { definitionOf } from "./taxonomy.ts";

/** Null, or what is wrong. A known field that is null counts as absent and is taken out. */
export function checkMetadata(
  event_type: string,
  metadata: { [key: string]: Json } | undefined,
): string | null {
  const definition = definitionOf(event_type);
  if (definition === undefined) return null;
  for (const key of definition.required) {
    if (metadata === undefined || !Object.hasOwn(metadata, key) || metadata[key] === null) {
      return `metadata.${key} is missing: ${event_type} says nothing without it. Add it.`;
    }
  }
  if (metadata === undefined) return null;
  for (const key of Object.keys(metadata)) {
    const field = definition.metadataFields.get(key);
    if (field === undefined) continue;
    if (metadata[key] === null) delete metadata[key];
    else {
      const wrong = check(field, metadata[key]);
      if (wrong !== null) return `metadata.${wrong.replace("?", key)}`;
    }
  }
  return null;
}

export type CheckedMetrics =
  { ok: true; metrics: { [key: string]: number } } | { ok: false; message: string };

/** A copy of the metrics; null and undefined count as absent. */
export function checkMetrics(event_type: string, value: unknown): CheckedMetrics {
  if (typeof value !== "object" || value === null || Array.isArray(value) || !isPlain(value)) {
    return { ok: false, message: `metrics must be an object of numbers, like {"input_tokens": 1200}.` };
  }
  const fields = definitionOf(event_type)?.metricFields;
  const metrics: { [key: string]: number } = {};
  const keys = Object.keys(value);
  if (keys.length > MAX_METRICS) {
    return {
      ok: false,
      message: `metrics has ${keys.length} keys, more than ${MAX_METRICS}. Put the rest into metadata.`,
    };
  }
  for (const key of keys) {
    const number = value[key];
    if (number === null || number === undefined) continue;
    const field = fields?.get(key);
    if (typeof number === "number" && field?.accepts?.(number) === true) {
      metrics[key] = number;
      continue;
    }
    const wrong = checkMetric(field, key, number);
    if (wrong !== null) return { ok: false, message: wrong };
    if (typeof number === "number") metrics[key.toWellFormed()] = number;
  }
  return { ok: true, metrics };
}

function checkMetric(field: Field | undefined, key: string, value: unknown): string | null {
  if (key === "__proto__") return `metrics has a key "__proto__". Rename the key.`;
  if (key.length > MAX_KEY_CHARS)
    return `metrics has a key longer than ${MAX_KEY_CHARS} characters. Shorten it.`;
  const path = `metrics.${key.toWellFormed()}`;
  if (typeof value !== "number") return `${path} must be a number. Send a number, or put it into metadata.`;
  if (!Number.isFinite(value)) return `${path} is ${value}: only finite numbers count. Leave it out.`;
  if (Math.abs(value) > MAX_METRIC) return `${path} is beyond ±${MAX_METRIC}. Check its unit.`;
  if (field === undefined) return null;
  const wrong = check(field, value);
  return wrong === null ? null : `metrics.${wrong.replace("?", key)}`;
}

/** `?` stands for the field's name. */
function check(field: Field, value: unknown): string | null {
  if (field.accepts?.(value) === true) return null;
  const result = field.schema.safeParse(value);
  if (result.success) return null;
  const issue = result.error.issues[0];
  const path = (issue?.path ?? [])
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("");
  const what = (issue?.message ?? "Invalid")
    .replace(/^Invalid (input|option): /, "")
    .replace(/^Too (big|small): /, "");
  return `?${path}: ${what}. ${field.hint ?? "Correct it, or leave it out."}`;
}
