/** Whether anybody still works here: what is open in a log that went silent is foretold by nobody. */
import type { ProjectState } from "../../../schema/state/state.ts";

/** A week has weekends and holidays in it; longer is no pause. */
const SILENT_AFTER_MS = 7 * 86_400_000;

/** The newest moment of work, ms; null before any. A budget that is set, or an alert that rings, is none (schema/state/clock.ts). */
export const lastWork = ({ time }: Pick<ProjectState, "time">): number | null => (time > 0 ? time : null);

/** When the last thing happened, where that is so long ago that nothing moves; else null. `last_ms` null: nothing did. */
export const silentSince = (last_ms: number | null, now_ms: number): number | null =>
  last_ms !== null && now_ms - last_ms > SILENT_AFTER_MS ? last_ms : null;

/**
 * The window that a page opens with: its usual one, or the first longer one that reaches to what happened last.
 * `lengths_ms`: shortest first, null: the whole log.
 */
export function openingWindow<Name extends string>(
  usual: Name,
  lengths_ms: readonly (readonly [name: Name, length_ms: number | null])[],
  last_ms: number | null,
  now_ms: number,
): Name {
  if (last_ms === null) return usual;
  const from = lengths_ms.findIndex(([name]) => name === usual);
  const reaching = lengths_ms
    .slice(Math.max(0, from))
    .find(([, length_ms]) => length_ms === null || now_ms - last_ms < length_ms);
  return reaching?.[0] ?? usual;
}
