/**
 * The metrics from the archive, for what the live state and its tally lost or keep only by days: days where the whole
 * of one is on one side of everything that was asked, hours where it is not, and for questions that days do not tell.
 */
import type { Cell } from "../../schema/metric/cell.ts";
import { DAY_MS, type Span } from "../../schema/metric/slot.ts";
import { ESCAPE_MS } from "../../schema/state/feature.ts";
import type { Learned } from "../../schema/metric/learned.ts";
import { measure, subjectsAsked, type Ask, type Measures } from "../../schema/metric/measure.ts";
import { snapToHour, windowOf } from "../../schema/metric/window.ts";
import { storedCellsIn } from "./cells.ts";
import { DAY_HOURS, FIRST_DAY_KEY, kindFor, startOfDay } from "./days.ts";
import { HOUR_MS } from "./hours.ts";
import { MAX_HISTORY_ROWS } from "./limits.ts";

/** `learned`: what the room learned of like work, which no row of the archive tells. `seq`: how far the archive is. */
export async function measureArchived(
  db: D1Database,
  project_id: string,
  ask: Ask,
  learned: Learned = new Map(),
): Promise<Measures & { seq: number }> {
  // The steps of a line are as fine as hours are.
  const days = ask.points === undefined ? kindFor(subjectsAsked(ask)) : null;
  const divided = dividedDays(ask);
  const slots: { start_ms: number; span_ms: Span; cells: Cell[] }[] = [];
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const [place, hours] = await db.batch([
      db
        .prepare(
          `SELECT (SELECT seq FROM archive_cursor WHERE project_id = ?1) AS seq,
             (SELECT min(first_time) FROM archive_segment WHERE project_id = ?1) AS first_ms`,
        )
        .bind(project_id),
      db
        .prepare(
          days === null
            ? `SELECT hour, cells FROM archive_tally WHERE project_id = ?1 AND hour > ?2 AND hour < ${FIRST_DAY_KEY}
               ORDER BY hour LIMIT ${MAX_HISTORY_ROWS}`
            : `SELECT hour, cells FROM archive_tally AS tally WHERE project_id = ?1 AND hour > ?2
               AND iif(hour >= ${FIRST_DAY_KEY},
                 hour >= ${days.from_key} AND hour < ${days.end_key} AND
                   hour - ${days.zero_key} NOT IN (SELECT value FROM json_each(?3)),
                 ${DAY} IN (SELECT value FROM json_each(?3)) OR NOT EXISTS (
                   SELECT 1 FROM archive_tally AS day
                   WHERE day.project_id = ?1 AND day.hour = ${days.zero_key} + ${DAY}))
               ORDER BY hour LIMIT ${MAX_HISTORY_ROWS}`,
        )
        .bind(project_id, after, ...(days === null ? [] : [JSON.stringify(divided)])),
    ]);
    const found = place?.results[0] as { seq: number | null; first_ms: number | null } | undefined;
    // D1 gives rows as they are selected.
    const rows = (hours?.results ?? []) as { hour: number; cells: string }[];
    for (const { hour, cells } of rows)
      slots.push(
        days !== null && hour >= FIRST_DAY_KEY
          ? { start_ms: startOfDay(hour, days), span_ms: DAY_MS, cells: storedCellsIn(cells) }
          : { start_ms: hour * HOUR_MS, span_ms: HOUR_MS, cells: storedCellsIn(cells) },
      );
    const last = rows.at(-1);
    if (last !== undefined && rows.length === MAX_HISTORY_ROWS) {
      after = last.hour;
      continue;
    }
    const first_ms = found?.first_ms ?? null;
    const known = { slots, tasks: [], features: [], snap: snapToHour, learned, first_ms };
    return { seq: found?.seq ?? 0, ...measure(known, ask) };
  }
}

/** The day of an hour's row; SQLite rounds towards zero, and hours before 1970 are negative. */
const DAY = `((tally.hour - ((tally.hour % ${DAY_HOURS}) + ${DAY_HOURS}) % ${DAY_HOURS}) / ${DAY_HOURS})`;

/** Days since 1970 that something lies within: an end of a window, or the last merge that is old enough to be judged. */
function dividedDays({ window, now_ms }: Ask): number[] {
  const { from, to, previous } = windowOf(window, now_ms, snapToHour);
  return [from, to, previous, now_ms - ESCAPE_MS]
    .filter((time_ms) => Number.isFinite(time_ms))
    .map((time_ms) => Math.floor(time_ms / DAY_MS));
}
