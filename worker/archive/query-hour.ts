/** What happened per hour: the archive's rollups. */
import type { HistoryHour } from "../../schema/wire/http.ts";
import { HOUR_MS, hourOf } from "./hours.ts";
import { MAX_HISTORY_ROWS } from "./limits.ts";
import { hourIn, type HourRow } from "./rows.ts";

/** Hours that overlap `from` to `to` (ms), ascending; `next` is the `from` of the next page. */
export async function listHours(
  db: D1Database,
  project_id: string,
  from_ms: number,
  to_ms: number,
): Promise<{ hours: HistoryHour[]; next: number | null }> {
  const { results } = await db
    .prepare(
      `SELECT * FROM archive_hour WHERE project_id = ? AND hour >= ? AND hour <= ?
       ORDER BY hour LIMIT ${MAX_HISTORY_ROWS + 1}`,
    )
    .bind(project_id, hourOf(from_ms), hourOf(to_ms))
    .all<HourRow>();
  const hours = results.slice(0, MAX_HISTORY_ROWS).map((row): HistoryHour => {
    const { hour, events, by_type, usage } = hourIn(row);
    return { time: hour * HOUR_MS, events, by_type: [...by_type], usage };
  });
  const more = results[MAX_HISTORY_ROWS];
  return { hours, next: more === undefined ? null : more.hour * HOUR_MS };
}
