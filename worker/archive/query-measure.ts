/** The metrics from the archive: hours alone, for what the live state and its tally keep only by days, or lost. */
import type { Cell } from "../../schema/metric/cell.ts";
import { measure, type Ask, type Measures } from "../../schema/metric/measure.ts";
import { snapToHour } from "../../schema/metric/window.ts";
import { HOUR_MS } from "./hours.ts";
import { MAX_HISTORY_ROWS } from "./limits.ts";
import { cellsIn } from "./tally.ts";

/** `seq`: how far the archive is. */
export async function measureArchived(
  db: D1Database,
  project_id: string,
  ask: Ask,
): Promise<Measures & { seq: number }> {
  const slots: { start_ms: number; span_ms: typeof HOUR_MS; cells: Cell[] }[] = [];
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
          `SELECT hour, cells FROM archive_tally WHERE project_id = ?1 AND hour > ?2
           ORDER BY hour LIMIT ${MAX_HISTORY_ROWS}`,
        )
        .bind(project_id, after),
    ]);
    const found = place?.results[0] as { seq: number | null; first_ms: number | null } | undefined;
    // D1 gives rows as they are selected.
    const rows = (hours?.results ?? []) as { hour: number; cells: string }[];
    for (const { hour, cells } of rows)
      slots.push({ start_ms: hour * HOUR_MS, span_ms: HOUR_MS, cells: cellsIn(cells) });
    const last = rows.at(-1);
    if (last !== undefined && rows.length === MAX_HISTORY_ROWS) {
      after = last.hour;
      continue;
    }
    const first_ms = found?.first_ms ?? null;
    const known = { slots, tasks: [], features: [], snap: snapToHour, first_ms };
    return { seq: found?.seq ?? 0, ...measure(known, ask) };
  }
}
