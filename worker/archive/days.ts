/**
 * The tally by days, in the table of the hours: what a question over months adds up, instead of each of its hours. It
 * tells who and no longer for what: by feature a day has as many cells as its hours together. A day's row is the sum
 * of its hours' rows, moved forward by the same step; where it has no row, because its hours are from before there
 * were days, the first step that touches it makes a whole one.
 */
import { addCell, cellKey, createCell, type Cell } from "../../schema/metric/cell.ts";
import { reduced } from "../../schema/metric/detail.ts";
import { cellsIn, type Cells } from "./cells.ts";
import { LOOKUP_IDS } from "./limits.ts";

export const DAY_HOURS = 24;
export const DAY_DETAIL = 1;
/** Days stand behind all hours there can be: a time is below 8.64e15 ms, which are 2.4e9 hours. */
export const FIRST_DAY_KEY = 10_000_000_000;

export const dayKeyOf = (hour: number) => FIRST_DAY_KEY + Math.floor(hour / DAY_HOURS);

/** What a step adds to the days, from what it adds to the hours; before anything that is archived is added to those. */
export function daysOf(hours: ReadonlyMap<number, Cells>): Map<number, Cells> {
  const days = new Map<number, Cells>();
  for (const [hour, cells] of hours) {
    const day = dayKeyOf(hour);
    let sum = days.get(day);
    if (sum === undefined) days.set(day, (sum = new Map<string, Cell>()));
    for (const cell of cells.values()) addTo(sum, cell);
  }
  return days;
}

/** Adds what is archived of the same days: their rows, or all their hours. */
export async function addArchivedDays(
  db: D1Database,
  project_id: string,
  days: ReadonlyMap<number, Cells>,
): Promise<void> {
  const keys = [...days.keys()];
  for (let from = 0; from < keys.length; from += LOOKUP_IDS) {
    const { results } = await db
      .prepare(
        `SELECT value AS day, tally.cells FROM json_each(?2)
         LEFT JOIN archive_tally AS own ON own.project_id = ?1 AND own.hour = value
         JOIN archive_tally AS tally ON tally.project_id = ?1
           AND tally.hour BETWEEN iif(own.hour IS NULL, (value - ${FIRST_DAY_KEY}) * ${DAY_HOURS}, value)
             AND iif(own.hour IS NULL, (value - ${FIRST_DAY_KEY}) * ${DAY_HOURS} + ${DAY_HOURS - 1}, value)`,
      )
      .bind(project_id, JSON.stringify(keys.slice(from, from + LOOKUP_IDS)))
      .all<{ day: number; cells: string }>();
    for (const { day, cells } of results) {
      const sum = days.get(day);
      if (sum === undefined) continue;
      for (const known of cellsIn(cells)) addTo(sum, known);
    }
  }
}

function addTo(cells: Cells, cell: Cell): void {
  const of = reduced(cell.of, DAY_DETAIL);
  const key = cellKey(of);
  let sum = cells.get(key);
  if (sum === undefined) {
    sum = createCell(of);
    sum.detail = DAY_DETAIL;
    cells.set(key, sum);
  }
  addCell(sum, cell);
}
