/**
 * Which fields of the log as a table (schema/column/field.ts) a link may ask for, by its redactions:
 *
 *   plain    every event shows it as it is stored: its column may be read
 *   shown    some event shows it, under its alias where it is a name: it is read from the events as the link sees them
 *   neither  no event shows it: to the link there is no such field
 *
 * What a key of metadata is depends on the type of its event, and what nobody declared is text. So a column of
 * metadata is plain only for a link that takes nothing of an event away.
 */
import { ENVELOPE_FIELDS, METADATA_PREFIX, METRICS_PREFIX } from "../../schema/column/field.ts";
import { ENVELOPE_SENSITIVITY } from "../../schema/event/envelope.ts";
import type { Sensitivity } from "../../schema/event/field.ts";
import { definedTypes, definitionOf } from "../../schema/event/taxonomy.ts";
import type { ViewPolicy } from "../../schema/event/view.ts";

export function isPlain(field: string, policy: ViewPolicy): boolean {
  if (field.startsWith(METRICS_PREFIX)) return !policy.cost;
  if (field.startsWith(METADATA_PREFIX)) return !(policy.cost || policy.name || policy.title || policy.text);
  return ENVELOPE_FIELDS.includes(field) && !isHidden(envelopeSensitivity(field), policy);
}

export function isShown(field: string, policy: ViewPolicy): boolean {
  if (field.startsWith(METRICS_PREFIX)) {
    if (!policy.cost) return true;
    const key = field.slice(METRICS_PREFIX.length);
    return declared("metricFields", key).some((sensitivity) => !isHidden(sensitivity, policy));
  }
  if (field.startsWith(METADATA_PREFIX)) {
    if (!policy.text) return true;
    const key = field.slice(METADATA_PREFIX.length);
    // A name is shown as well, by its alias.
    return declared("metadataFields", key).some(
      (sensitivity) => sensitivity === "name" || !isHidden(sensitivity, policy),
    );
  }
  return ENVELOPE_FIELDS.includes(field);
}

function isHidden(sensitivity: Sensitivity, policy: ViewPolicy): boolean {
  return sensitivity === "secret" || (sensitivity !== "structure" && policy[sensitivity]);
}

/** `time` is the earlier of two clocks, which are structure. */
function envelopeSensitivity(field: string): Sensitivity {
  const name = field === "time" ? "timestamp" : field;
  return Object.hasOwn(ENVELOPE_SENSITIVITY, name)
    ? ENVELOPE_SENSITIVITY[name as keyof typeof ENVELOPE_SENSITIVITY]
    : "secret";
}

/** What a key is in each of the types that declare it. */
function declared(kind: "metadataFields" | "metricFields", key: string): Sensitivity[] {
  return definedTypes().flatMap((type) => definitionOf(type)?.[kind].get(key)?.sensitivity ?? []);
}
