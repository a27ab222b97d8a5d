/**
 * A file's name as a number: what tells two files apart where their names would take too much room. A hash of two
 * lanes of 32 bits (multiplied by odd constants and mixed at the end, after MurmurHash3's finaliser), cut to 48 bits:
 * among 64 names two are one mark once in 10^11 times. It hides nothing by itself: a view that hides names is given
 * marks that its own alias was mixed into (view.ts).
 */
import type { StoredEvent } from "./event.ts";

/** Numbers up to here are marks; JSON writes them in at most 15 digits. */
export const MAX_FILE_MARK = 2 ** 48 - 1;

export function fileMark(name: string): number {
  let high = 0x2f0b4c47;
  let low = 0x5bd1e995;
  for (let i = 0; i < name.length; i += 1) {
    const unit = name.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x9e3779b1);
    low = Math.imul(low ^ unit, 0x5f356495);
  }
  high = mixed(high ^ (low >>> 15));
  low = mixed(low ^ (high >>> 13));
  return (high >>> 16) * 2 ** 32 + (low >>> 0);
}

function mixed(lane: number): number {
  const half = Math.imul(lane ^ (lane >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}

/** Of the files that an event names, in its order; those that a view was given stand for the names that it hides. */
export function fileMarksIn(event: StoredEvent): readonly number[] {
  if (event.file_marks !== undefined) return event.file_marks;
  const files = event.metadata?.["files"];
  return Array.isArray(files) ? files.filter((file) => typeof file === "string").map(fileMark) : [];
}
