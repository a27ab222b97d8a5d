/** Reads single fields of somebody else's JSON, total for any input: what is missing or of another type is null. */
import { MAX_METRIC, MAX_REF_CHARS, MAX_TIMESTAMP_MS, MIN_TIMESTAMP_MS } from "../../schema/event/limits.ts";

export type Payload = Readonly<Record<string, unknown>>;

const NOTHING: Payload = {};

export function isPayload(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object field; an empty one where there is none, so that reading can go on. */
export function objectIn(payload: Payload, key: string): Payload {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return isPayload(value) ? value : NOTHING;
}

export function hasObject(payload: Payload, key: string): boolean {
  return Object.hasOwn(payload, key) && isPayload(payload[key]);
}

export function objectsIn(payload: Payload, key: string): Payload[] {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return Array.isArray(value) ? value.filter(isPayload) : [];
}

/** A text with something in it, never half a character. */
export function textIn(payload: Payload, key: string, max_chars = Infinity): string | null {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  if (typeof value !== "string" || value.trim() === "") return null;
  return (value.length > max_chars ? value.slice(0, max_chars) : value).toWellFormed();
}

export function numberIn(payload: Payload, key: string): number | null {
  const value = Object.hasOwn(payload, key) ? payload[key] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A number of things. */
export function countIn(payload: Payload, key: string): number | null {
  const value = numberIn(payload, key);
  return value !== null && value >= 0 && Number.isSafeInteger(value) && value <= MAX_METRIC ? value : null;
}

export function flagIn(payload: Payload, key: string): boolean {
  return Object.hasOwn(payload, key) && payload[key] === true;
}

/** RFC 3339 as milliseconds since the epoch, where the envelope takes it. */
export function timeIn(payload: Payload, key: string): number | null {
  const time_ms = Date.parse(textIn(payload, key) ?? "");
  return time_ms >= MIN_TIMESTAMP_MS && time_ms < MAX_TIMESTAMP_MS ? time_ms : null;
}

const CONTROL = /\p{Cc}/u;

/** What the envelope takes as the id of a task, a feature or a session; null for anything else. */
export function refOf(text: string | null | undefined): string | null {
  const ref = text?.trim() ?? "";
  return ref === "" || ref.length > MAX_REF_CHARS || CONTROL.test(ref) || !ref.isWellFormed() ? null : ref;
}

/** One line of a title, without control characters; null where nothing is left. */
export function lineOf(text: string | null, max_chars: number): string | null {
  const line = (text ?? "")
    .slice(0, 4 * max_chars)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, max_chars)
    .toWellFormed();
  return line === "" ? null : line;
}
