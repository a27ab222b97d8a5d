/**
 * Reading one field of an event's metadata or metrics, total for any input (S3).
 *
 * Redaction sets the rules here (S2). Names are never trimmed, shortened or
 * compared with anything but each other, since a shared view carries aliases
 * in their place; an empty name is a name. Free text may be cut, because a
 * redacted view carries none.
 */
import type { StoredEvent } from "../event/event.ts";
import { MAX_REF_CHARS } from "../event/limits.ts";
import { MAX_AMOUNT, MAX_LABEL_CHARS } from "./limits.ts";

/** A fresh, flat copy of the first `max_chars`: a slice would keep the whole original alive. */
export function cut(text: string, max_chars: number): string {
  if (text.length <= max_chars) return text;
  const last = text.charCodeAt(max_chars - 1);
  const splits_pair = last >= 0xd800 && last <= 0xdbff;
  return Array.from(text.slice(0, splits_pair ? max_chars - 1 : max_chars)).join("");
}

/** A name (agent, person, path) as it stands; null when there is none. */
export function nameIn(event: StoredEvent, key: string): string | null {
  const value = event.metadata?.[key];
  return typeof value === "string" ? value : null;
}

export function textIn(event: StoredEvent, key: string, max_chars: number): string | null {
  const value = event.metadata?.[key];
  return typeof value === "string" ? cut(value, max_chars) : null;
}

/** A word of a vocabulary: kind, role, model. */
export function labelIn(event: StoredEvent, key: string): string | null {
  return textIn(event, key, MAX_LABEL_CHARS);
}

/** Null where none is given, or where it is no moment. */
export function momentIn(event: StoredEvent, key: string): number | null {
  const text = labelIn(event, key);
  const time_ms = text === null ? NaN : Date.parse(text);
  return Number.isFinite(time_ms) ? time_ms : null;
}

/** An id of a task or feature; one that no envelope could carry is as good as none. */
export function idIn(event: StoredEvent, key: string): string | null {
  const value = event.metadata?.[key];
  return typeof value === "string" && value.length <= MAX_REF_CHARS ? value : null;
}

/** Any finite number of the metadata; null when there is none. */
export function numberIn(event: StoredEvent, key: string): number | null {
  const value = event.metadata?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Distinct strings in the order given, at most `max`; null when the field is not a list. */
export function namesIn(event: StoredEvent, key: string, max: number): string[] | null {
  const value = event.metadata?.[key];
  if (!Array.isArray(value)) return null;
  const names = new Set<string>();
  for (const item of value) {
    if (names.size >= max) break;
    if (typeof item === "string") names.add(item);
  }
  return [...names];
}

/** As `namesIn`, without ids that no envelope could carry. */
export function idsIn(event: StoredEvent, key: string, max: number): string[] | null {
  const value = event.metadata?.[key];
  if (!Array.isArray(value)) return null;
  const ids = new Set<string>();
  for (const item of value) {
    if (ids.size >= max) break;
    if (typeof item === "string" && item.length <= MAX_REF_CHARS) ids.add(item);
  }
  return [...ids];
}

/** A measured amount that may be added up; null for what is missing, negative or no measurement. */
export function amountIn(event: StoredEvent, key: string): number | null {
  const value = event.metrics?.[key];
  return typeof value === "number" && value >= 0 && value <= MAX_AMOUNT ? value : null;
}

/** Any finite number of the metrics; null when there is none. */
export function anyFigureIn(event: StoredEvent, key: string): number | null {
  const value = event.metrics?.[key];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** Whether a description is newer than the newest one; a guess never is (`title_guessed`). */
export function describes(event: StoredEvent, newest_ms: number | null, time_ms: number): boolean {
  if (event.metadata?.["title_guessed"] === true) return false;
  return newest_ms === null || time_ms >= newest_ms;
}

/** Of two descriptions the newest says what it is; an earlier one fills in what that leaves open. */
export function newer<V>(is_newest: boolean, known: V | null, told: V | null): V | null {
  return is_newest ? (told ?? known) : (known ?? told);
}

/** The earlier of a time that may be unknown and one that is known, ms. */
export function earlier(known_ms: number | null, told_ms: number): number {
  return known_ms === null || told_ms < known_ms ? told_ms : known_ms;
}
