/** What happened per hour: the archive's rollups. */
import type { HistoryHour } from "../../schema/wire/http.ts";
import { HOUR_MS, hourOf, type Hour } from "./hours.ts";
import { MAX_HISTORY_ROWS } from "./limits.ts";
import { hourIn, readHours, type HourRow } from "./rows.ts";

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
  const hours = results.slice(0, MAX_HISTORY_ROWS).map((row) => historyHour(hourIn(row)));
  const more = results[MAX_HISTORY_ROWS];
  return { hours, next: more === undefined ? null : more.hour * HOUR_MS };
}

function historyHour({ hour, events, by_type, usage }: Hour): HistoryHour {
  return { time: hour * HOUR_MS, events, by_type: [...by_type], usage };
}

/** Which hours there are, with how many events each has, ascending, and how far the archive is. 100 years are under a million. */
export async function countPerHour(
  db: D1Database,
  project_id: string,
): Promise<{ seq: number; hours: { hour: number; events: number }[] }> {
  const [cursor, hours] = await db.batch([
    db.prepare("SELECT seq FROM archive_cursor WHERE project_id = ?").bind(project_id),
    db.prepare("SELECT hour, events FROM archive_hour WHERE project_id = ? ORDER BY hour").bind(project_id),
  ]);
  return {
    // D1 gives rows as they are selected.
    seq: (cursor?.results[0] as { seq: number } | undefined)?.seq ?? 0,
    hours: (hours?.results ?? []) as { hour: number; events: number }[],
  };
}

/** Those hours, ascending. */
export async function selectHours(
  db: D1Database,
  project_id: string,
  numbers: readonly number[],
): Promise<HistoryHour[]> {
  const hours = await readHours(db, project_id, numbers);
  return [...hours.values()].sort((a, b) => a.hour - b.hour).map(historyHour);
}
