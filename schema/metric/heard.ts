/**
 * Whether agents send heartbeats often enough for a silence to mean something. Where those of agents at work mostly
 * come further apart than a silence that counts, or hardly any ever came in time, a tracker wrote them down now and then:
 * up and down would be made up.
 *
 * Judged by the whole log, and by sums alone, as `told.ts`: live state and archive, all windows and all groups agree.
 */
import { amountOf, type Cell } from "./cell.ts";

/** Heartbeats in time after another one: half an hour of one each five minutes. With fewer no silence can be told from their pace. */
export const MIN_BEATS = 6;

export function isHeard(slots: readonly { cells: ReadonlyMap<string, Cell> | readonly Cell[] }[]): boolean {
  let near = 0;
  let far = 0;
  for (const { cells } of slots)
    for (const cell of cells.values()) {
      near += amountOf(cell, "near_beats");
      far += amountOf(cell, "far_beats");
    }
  return near >= MIN_BEATS && near >= far;
}
