import { MAX_SPARED, RECENT_EVENTS } from "./limits.ts";

/**
 * Drops the oldest entry of a Map that grew beyond `max` and returns it, else
 * null. Every step that adds one entry calls this once, so it is O(1).
 */
export function forgetOldest<V>(entries: Map<string, V>, max: number): V | null {
  if (entries.size <= max) return null;
  for (const [key, value] of entries) {
    entries.delete(key);
    return value;
  }
  return null;
}

/**
 * As `forgetOldest`, with a second chance (the CLOCK rule of page caches): an
 * old entry that recent events still mention moves behind the others instead,
 * so that a long-lived lead agent or a task at work outlasts newer entries that
 * nobody touches. At most `MAX_SPARED` are moved, which keeps it O(1).
 */
export function forgetIdle<V extends { last_seq: number }>(
  entries: Map<string, V>,
  max: number,
  seq: number,
): V | null {
  if (entries.size <= max) return null;
  let spared = 0;
  // A Map's iterator meets the entries moved behind it only after all others.
  for (const [key, value] of entries) {
    entries.delete(key);
    if (spared === MAX_SPARED || value.last_seq < seq - RECENT_EVENTS) return value;
    entries.set(key, value);
    spared += 1;
  }
  return null;
}
