/** Who has no figure at all: agents that only speak, as planners and keys do. Nine dashes each tell nobody anything. */
import type { AgentRow } from "./board.ts";

export interface Folded {
  /** Of whom something is known, in the order given. */
  told: AgentRow[];
  quiet: AgentRow[];
}

/** A plan that is due is never folded away, whatever else is known. */
export function foldQuiet(rows: readonly AgentRow[]): Folded {
  const isTold = ({ performance, cells }: AgentRow): boolean =>
    performance.pip !== null || cells.some(({ value }) => value !== null);
  return { told: rows.filter(isTold), quiet: rows.filter((row) => !isTold(row)) };
}
