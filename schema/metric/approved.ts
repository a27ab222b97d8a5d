/**
 * Whether a log tells approvals. Where reviewers' refusals are told and no approval ever, as of an imported tracker in
 * which a merge is its own word for it, their share says nothing of the work: a 0 would be made up.
 *
 * Judged by the whole log, and by sums alone, as `told.ts`: live state and archive, all windows and all groups agree.
 */
import { amountOf, type Cell } from "./cell.ts";

export function isApproved(
  slots: readonly { cells: ReadonlyMap<string, Cell> | readonly Cell[] }[],
): boolean {
  for (const { cells } of slots)
    for (const cell of cells.values()) if (amountOf(cell, "approvals") > 0) return true;
  return false;
}
