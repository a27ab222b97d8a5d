/**
 * Whether agents send heartbeats often enough for a silence to mean something. Where those of agents at work mostly
 * come further apart than a silence that counts, a tracker wrote them down now and then: up and down would be made up.
 *
 * Judged by the whole log, and by sums alone, as `told.ts`: live state and archive, all windows and all groups agree.
 */
import type { Cell } from "./cell.ts";
import { packedAmount, type SumName } from "./sums.ts";

/** Heartbeats after another one that say what is usual: with fewer nobody knows better than that they come in time. */
const MIN_BEATS = 3;

export function isHeard(slots: readonly { cells: ReadonlyMap<string, Cell> | readonly Cell[] }[]): boolean {
  let near = 0;
  let far = 0;
  for (const { cells } of slots)
    for (const cell of cells.values()) {
      near += amountOf(cell, "near_beats");
      far += amountOf(cell, "far_beats");
    }
  return near + far < MIN_BEATS || near >= far;
}

/** Sums of what is packed are named only where somebody asks for them. */
function amountOf(cell: Cell, name: SumName): number {
  return cell.packed === undefined ? cell.sums[name] : packedAmount(cell.packed, name);
}
