/** Cells of an hour or a day of the archive, as they are stored and how many there may be. */
import {
  addCell,
  cellKey,
  decodeCell,
  StoredCell,
  type Cell,
  type WireCell,
} from "../../schema/metric/cell.ts";
import { reduced } from "../../schema/metric/detail.ts";

export type Cells = Map<string, Cell>;

/** For whoever reads them and changes none. */
export function storedCellsIn(text: string): Cell[] {
  return (JSON.parse(text) as WireCell[]).map((wire) => new StoredCell(wire));
}

export function cellsIn(text: string): Cell[] {
  return (JSON.parse(text) as WireCell[]).map(decodeCell);
}

/** Too many of them lose what they tell apart: first features, then everybody. */
export function bounded(cells: Cells, max: number): Cells {
  let kept = cells;
  for (const detail of [1, 0] as const) {
    if (kept.size <= max) return kept;
    const fewer: Cells = new Map();
    for (const cell of kept.values()) {
      const of = reduced(cell.of, detail);
      const less: Cell = { ...cell, of, detail: cell.detail < detail ? cell.detail : detail };
      const key = cellKey(of);
      const known = fewer.get(key);
      if (known === undefined) fewer.set(key, less);
      else addCell(known, less);
    }
    kept = fewer;
  }
  return kept;
}
