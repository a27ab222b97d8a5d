/** The one reducer of the log, as the room uses it: what one event changes in memory. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, type Unfoldable } from "../../schema/state/apply.ts";
import type { Memory } from "./memory.ts";

export { apply, createState } from "../../schema/state/apply.ts";
export { decodeState, stateText } from "../../schema/state/encode.ts";

/**
 * Takes one seq of the log into state, trace and columns; `event` null: it was forgotten. Total: what is stored
 * is stored, so nothing about it may fail the reply to its sender, or a later load. Each part comes to the same
 * when the log is folded again (S1).
 */
export function take(
  memory: Pick<Memory, "state" | "trace" | "columns">,
  seq: number,
  event: StoredEvent | null,
  unfoldable: Unfoldable,
): void {
  const { state, trace, columns } = memory;
  if (event !== null) apply(state, event, unfoldable);
  try {
    trace.note(seq, state.time, event);
    columns.note(seq, event);
  } catch (error) {
    unfoldable(seq, error);
  }
}

/** A stored text as its event; null when it was forgotten, or is no JSON any more: verify.ts tells which. */
export function eventOf(seq: number, text: string, unfoldable: Unfoldable): StoredEvent | null {
  if (text === "") return null;
  try {
    // What the room wrote itself.
    return JSON.parse(text) as StoredEvent;
  } catch (error) {
    unfoldable(seq, error);
    return null;
  }
}
