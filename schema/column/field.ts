/**
 * The log as a table: which fields an event has for a question, and what each holds.
 *
 *   event_type agent_id agent_role task_id feature_id session_id source key_id id   texts of the envelope
 *   seq, time                     the event's place, and its event time (ms since 1970)
 *   metadata.<key>, metrics.<key>   one level deep, so `metadata.a.b` is the key "a.b" and nothing else
 *
 * A value is a text, a number or a truth value. JSON's null counts as absent; lists and objects count as their
 * JSON text; a text counts by its first MAX_VALUE_CHARS.
 */
import { eventTime, type Json, type StoredEvent } from "../event/event.ts";

export type Value = string | number | boolean;

/** UTF-16 units of a text that questions see: names, paths and the beginning of a message; more would double the log. */
export const MAX_VALUE_CHARS = 256;

/** Texts of the envelope that are kept as columns. */
export const TEXT_FIELDS = [
  "event_type",
  "agent_id",
  "agent_role",
  "task_id",
  "feature_id",
  "session_id",
  "source",
  "key_id",
] as const;
/** Numbers of the envelope that are kept as columns. */
export const PLACE_FIELDS = ["seq", "time"] as const;
/** Each event has its own, so as a column it would be as long as the ids themselves: questions read it from the log. */
export const UNKEPT_FIELD = "id";
/** Every field that exists whatever was sent. */
export const ENVELOPE_FIELDS: readonly string[] = [...TEXT_FIELDS, ...PLACE_FIELDS, UNKEPT_FIELD];

export const METADATA_PREFIX = "metadata.";
export const METRICS_PREFIX = "metrics.";

/** What a question sees of a value of metadata; null where it is absent. */
export function valueOf(value: Json | undefined): Value | null {
  if (typeof value === "string")
    return value.length > MAX_VALUE_CHARS ? value.slice(0, MAX_VALUE_CHARS) : value;
  // One zero, not two: they are equal, but print and group apart.
  if (typeof value === "number") return value === 0 ? 0 : value;
  if (typeof value === "boolean") return value;
  return value === undefined || value === null ? null : JSON.stringify(value).slice(0, MAX_VALUE_CHARS);
}

/** The value of one field of one event, by definition: the columns must say the same. */
export function fieldOf(event: StoredEvent, field: string): Value | null {
  if (field === "time") return eventTime(event);
  if (field === "seq") return event.seq;
  if (field.startsWith(METADATA_PREFIX)) return own(event.metadata, field.slice(METADATA_PREFIX.length));
  if (field.startsWith(METRICS_PREFIX)) return own(event.metrics, field.slice(METRICS_PREFIX.length));
  if (field === UNKEPT_FIELD) return valueOf(event.id);
  const text = TEXT_FIELDS.find((name) => name === field);
  return text === undefined ? null : valueOf(event[text]);
}

function own(object: Readonly<Record<string, Json>> | undefined, key: string): Value | null {
  return object !== undefined && Object.hasOwn(object, key) ? valueOf(object[key]) : null;
}
