/** Which rows of a long table are drawn: rows have one of several heights, and what is not drawn is held open by two empty rows. */
export interface Sight {
  from: number;
  to: number;
  above_px: number;
  below_px: number;
}

/** All rows are drawn up to this many: a table that short costs nothing, and find-in-page finds all of it. */
export const ALL_ROWS = 100;
const OVERSCAN_PX = 600;

/** `top`: how much of the rows lies above the window; `room`: its height. */
export function sightOf(heights: readonly number[], top: number, room: number): Sight {
  if (heights.length <= ALL_ROWS) return { from: 0, to: heights.length, above_px: 0, below_px: 0 };
  let y = 0;
  let from = 0;
  while (from < heights.length - 1 && y + (heights[from] ?? 0) < top - OVERSCAN_PX) y += heights[from++] ?? 0;
  const above_px = y;
  let to = from;
  while (to < heights.length && y < top + room + OVERSCAN_PX) y += heights[to++] ?? 0;
  const below_px = heights.slice(to).reduce((sum, px) => sum + px, 0);
  return { from, to, above_px, below_px };
}
