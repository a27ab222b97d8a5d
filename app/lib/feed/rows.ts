/** Which rows of a long list are in sight, when one of them may be open and taller. */

export interface Rows {
  count: number;
  row_px: number;
  /** -1 for none. */
  open_index: number;
  /** Height that the open row has more than the others. */
  open_px: number;
  /** How much of the list lies above the window. */
  top: number;
  room: number;
}

/** Drawn above and below the window, so that scrolling meets rows and not emptiness. */
const OVERSCAN_ROWS = 12;

export function rowsInSight({ count, row_px, open_index, open_px, top, room }: Rows): {
  from: number;
  to: number;
} {
  const indexAt = (y: number) => {
    const open_top = (open_index + 1) * row_px;
    if (open_index < 0 || y <= open_top) return y / row_px;
    // Within the details counts as the open row.
    return y <= open_top + open_px ? open_index : (y - open_px) / row_px;
  };
  const from = Math.max(0, Math.floor(indexAt(top)) - OVERSCAN_ROWS);
  const to = Math.min(count, Math.ceil(indexAt(top + room)) + OVERSCAN_ROWS);
  return { from: Math.min(from, Math.max(0, count - 1)), to: Math.max(to, 0) };
}
