/**
 * What one reflection looks at: a feature that ended, its tasks, its events, and the work that ended before it. Plain
 * data, so that the analyst is a pure function and says the same twice (B2).
 */
import { eventTime, type Json, type StoredEvent } from "../../../schema/event/event.ts";
import type { WorkRecord } from "../../insight/work/record.ts";

/** Events of one feature that are read: a feature of 200 tasks has some 15,000. Beyond it the newest count. */
export const MAX_CASE_EVENTS = 50_000;
/** Work that ended before it and is compared with: the newest. */
export const MAX_BEFORE = 2_000;

export interface FeatureCase {
  feature: WorkRecord;
  tasks: readonly WorkRecord[];
  /** Of the feature and its tasks, in order of seq; Clusterfork's own are left out. */
  events: readonly StoredEvent[];
  /** Whether there were more than MAX_CASE_EVENTS. */
  is_cut: boolean;
  /** Tasks and features of the project that closed before this one did, the oldest first. */
  before: readonly WorkRecord[];
}

/** The events by task, in order of event time; those of no task stand under null. */
export function byTask(events: readonly StoredEvent[]): ReadonlyMap<string | null, readonly StoredEvent[]> {
  const tasks = new Map<string | null, StoredEvent[]>();
  for (const event of events) {
    const key = event.task_id ?? null;
    const own = tasks.get(key);
    if (own === undefined) tasks.set(key, [event]);
    else own.push(event);
  }
  for (const own of tasks.values()) own.sort((a, b) => eventTime(a) - eventTime(b) || a.seq - b.seq);
  return tasks;
}

/** Text of events is cut before it is quoted: a lesson is read, a log is kept. */
const MAX_QUOTED_CHARS = 200;

/** A line of text of an event's metadata, for quoting; null where there is none. */
export function textOf(value: Json | undefined): string | null {
  if (typeof value !== "string") return null;
  // Characters that nobody sees could turn a line round, or hide what it says.
  const line = value
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  if (line === "") return null;
  return line.length <= MAX_QUOTED_CHARS ? line : `${line.slice(0, MAX_QUOTED_CHARS - 1).toWellFormed()}…`;
}

/** Texts of a list in metadata. */
export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(textOf).filter((text) => text !== null) : [];
}

/** The ending of a path, lower case, with its dot; null where it has none. */
export function fileType(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  const ending = dot > 0 ? name.slice(dot).toLowerCase() : "";
  return /^\.[a-z0-9]{1,12}$/.test(ending) ? ending : null;
}
