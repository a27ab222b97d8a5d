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

/**
 * Every hour through `each`, ascending, and how far the archive was when the first was read: 0 where it was emptied
 * meanwhile. One page is held at a time, as years of hours are many MB.
 */
export async function mapHours<T>(
  db: D1Database,
  project_id: string,
  each: (hour: HistoryHour) => T,
): Promise<{ seq: number; hours: T[] }> {
  const mapped: T[] = [];
  let first: Place | null = null;
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const [cursor, hours] = await db.batch([
      db.prepare("SELECT seq, generation FROM archive_cursor WHERE project_id = ?").bind(project_id),
      db
        .prepare(
          `SELECT * FROM archive_hour WHERE project_id = ? AND hour > ? ORDER BY hour LIMIT ${MAX_HISTORY_ROWS}`,
        )
        .bind(project_id, after),
    ]);
    // D1 gives rows as they are selected.
    const place = (cursor?.results[0] as Place | undefined) ?? { seq: 0, generation: 0 };
    const rows = (hours?.results ?? []) as HourRow[];
    first ??= place;
    for (const row of rows) mapped.push(each(historyHour(hourIn(row))));
    const last = rows.at(-1);
    if (last === undefined || rows.length < MAX_HISTORY_ROWS)
      return { seq: place.generation === first.generation ? first.seq : 0, hours: mapped };
    after = last.hour;
  }
}

/** As far as the archive is. */
interface Place {
  seq: number;
  generation: number;
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
