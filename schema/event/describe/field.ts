/** Reading from metadata and metrics, which hold whatever the sender put there. */
import type { Json, StoredEvent } from "../event.ts";

/** Longer texts are cut in one-line sentences; the whole stands in the details. */
const MAX_TEXT_CHARS = 240;

export function textIn(event: StoredEvent, ...names: string[]): string | null {
  for (const name of names) {
    const value = valueIn(event.metadata, name);
    if (typeof value === "string" && value.trim() !== "") return oneLine(value);
  }
  return null;
}

export function listIn(event: StoredEvent, name: string): string[] {
  const value = valueIn(event.metadata, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").map(oneLine) : [];
}

/** From metrics, else from metadata: senders differ. */
export function numberIn(event: StoredEvent, name: string): number | null {
  const value = valueIn(event.metrics, name) ?? valueIn(event.metadata, name);
  return typeof value === "number" ? value : null;
}

function valueIn(record: { [key: string]: Json } | undefined, name: string): Json | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_TEXT_CHARS ? `${line.slice(0, MAX_TEXT_CHARS - 1)}…` : line;
}
