/**
 * The rows of who was given what: kept so that a task is told once, and so that what lessons do can be told.
 *
 *   share above 0   a coin was tossed: a trial, kept for good, by rank, arm, and whether the answer came in time; what
 *                   became of the task is kept with it (look.ts)
 *   share 0         given without one: nothing was to be held back, the task searched for it before, or the record is full
 */
import type { LessonHit } from "../../../schema/wire/lesson.ts";
import type { DeliverAsk, Drawn, DrawnLesson } from "../query/book.ts";
import { noteAsker } from "./alone.ts";
import { noteChanged } from "./effect-rows.ts";
import { seenBy } from "./kept.ts";
import { MAX_DRAWS_OF_PROJECT, MAX_GIVEN_OF_PROJECT } from "./limits.ts";
import type { Place, Shelf } from "./shelf.ts";
import type { Desk } from "./take.ts";

/** One lesson that fits a task, and what becomes of it. */
export interface Toss {
  hit: LessonHit;
  place: Place;
  is_withheld: boolean;
}

/** What a task knows of a lesson. */
interface Side {
  is_withheld: boolean;
  is_late: boolean;
}

/** What this task was given, and what was held back from it, by the lesson's key. */
export function readSides(
  sql: SqlStorage,
  { project, task }: Pick<DeliverAsk, "project" | "task">,
): Map<number, Side> {
  const rows = sql
    .exec<{
      pk: number;
      is_withheld: number;
      is_late: number;
    }>("SELECT pk, is_withheld, is_late FROM delivery WHERE project = ? AND task = ?", project, task)
    .toArray();
  return new Map(
    rows.map(({ pk, is_withheld, is_late }) => [
      pk,
      { is_withheld: is_withheld === 1, is_late: is_late === 1 },
    ]),
  );
}

export function isFull(sql: SqlStorage, project: string): boolean {
  const { n } = sql
    .exec<{
      n: number;
    }>(
      "SELECT count(*) AS n FROM (SELECT 1 FROM delivery WHERE project = ? AND share > 0 LIMIT ?)",
      project,
      MAX_DRAWS_OF_PROJECT,
    )
    .one();
  return n >= MAX_DRAWS_OF_PROJECT;
}

/** @param fresh those that this task knows nothing of yet. */
export function noteDrawn(
  { storage: { sql }, shelf }: Desk,
  { project, task, now_ms, key }: DeliverAsk,
  fresh: readonly Toss[],
  { share, is_late }: { share: number; is_late: boolean },
): void {
  noteAsker(sql, project, key);
  const is_first = share > 0 && !isDrawn(sql, project, task);
  const best = Math.min(...fresh.map(({ hit }) => hit.rank));
  for (const { hit, place, is_withheld } of fresh) {
    const { rowsWritten } = sql.exec(
      `INSERT OR IGNORE INTO delivery (project, task, pk, is_withheld, at_ms, share, rank, is_late, key_id, is_best)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[project, task, place.pk, Number(is_withheld), now_ms, share, hit.rank],
      ...[Number(is_late && !is_withheld), key ?? "", Number(is_first && hit.rank === best)],
    );
    if (rowsWritten === 0) continue;
    if (share > 0) noteChanged(sql, project, place.pk);
    if (is_withheld || !is_late) count(shelf, place.pk, is_withheld ? "withheld" : "delivered");
  }
  if (share === 0 && fresh.length > 0) forgetGiven(sql, project);
}

/** Whether a coin was tossed for it. */
function isDrawn(sql: SqlStorage, project: string, task: string): boolean {
  const rows = sql.exec(
    "SELECT 1 FROM delivery WHERE project = ? AND task = ? AND share > 0 LIMIT 1",
    ...[project, task],
  );
  return rows.toArray().length > 0;
}

/** What came too late before, and is answered in time now. */
export function noteArrived(
  { storage: { sql }, shelf }: Desk,
  { project, task }: DeliverAsk,
  tossed: readonly Toss[],
): void {
  for (const { place, is_withheld } of tossed) {
    if (is_withheld) continue;
    const { rowsWritten } = sql.exec(
      "UPDATE delivery SET is_late = 0 WHERE project = ? AND task = ? AND pk = ? AND is_late = 1",
      ...[project, task, place.pk],
    );
    if (rowsWritten === 0) continue;
    noteChanged(sql, project, place.pk);
    count(shelf, place.pk, "delivered");
  }
}

/** Found by a search: whoever has it is held back from it no more, and tosses no coin for it. */
export function noteFound(
  { storage: { sql }, shelf }: Desk,
  { project, task, now_ms, key }: Pick<DeliverAsk, "project" | "task" | "now_ms" | "key">,
  ids: readonly string[],
): void {
  noteAsker(sql, project, key);
  for (const id of ids) {
    const place = shelf.find(project, id);
    if (place === null) continue;
    const { rowsWritten } = sql.exec(
      `UPDATE delivery SET searched_ms = ?
       WHERE project = ? AND task = ? AND pk = ? AND share > 0 AND searched_ms IS NULL`,
      ...[now_ms, project, task, place.pk],
    );
    if (rowsWritten > 0) noteChanged(sql, project, place.pk);
    sql.exec(
      `INSERT OR IGNORE INTO delivery (project, task, pk, is_withheld, at_ms, share, key_id)
       VALUES (?, ?, ?, 0, ?, 0, ?)`,
      ...[project, task, place.pk, now_ms, key ?? ""],
    );
  }
  forgetGiven(sql, project);
}

/** Read anew: it may have been changed while the log was written. */
function count(shelf: Shelf, pk: number, counter: "delivered" | "withheld"): void {
  const now = shelf.at(pk);
  if (now !== null) shelf.count(pk, { ...now.kept, [counter]: now.kept[counter] + 1 });
}

function forgetGiven(sql: SqlStorage, project: string): void {
  sql.exec(
    `DELETE FROM delivery WHERE project = ?1 AND share = 0 AND at_ms <=
       (SELECT at_ms FROM delivery WHERE project = ?1 AND share = 0 ORDER BY at_ms DESC LIMIT 1 OFFSET ?2)`,
    ...[project, MAX_GIVEN_OF_PROJECT],
  );
}

type Row = {
  pk: number;
  task: string;
  is_withheld: number;
  share: number;
  at_ms: number;
  rank: number | null;
  is_late: number;
  searched_ms: number | null;
};

/** Which tasks of a project wait for their end: to be given a lesson, or held back from, as the coin fell. */
export function drawnBy(sql: SqlStorage, shelf: Shelf, project: string): Drawn {
  const rows = sql.exec<Row>(
    `SELECT pk, task, is_withheld, share, at_ms, rank, is_late, searched_ms FROM delivery
     WHERE project = ? AND share > 0 AND outcome IS NULL ORDER BY at_ms, task, rank, pk LIMIT ?`,
    project,
    MAX_DRAWS_OF_PROJECT,
  );
  const lessons = new Map<number, Pick<DrawnLesson, "lesson_id" | "status"> | null>();
  const draws: DrawnLesson[] = [];
  for (const { pk, task, is_withheld, share, at_ms, rank, is_late, searched_ms } of rows) {
    let lesson = lessons.get(pk);
    if (lesson === undefined) {
      const place = shelf.at(pk);
      const seen = place && seenBy(project, place.kept);
      lesson = seen && { lesson_id: seen.id, status: seen.status };
      lessons.set(pk, lesson);
    }
    if (lesson === null) continue;
    const coin = { task_id: task, withheld: is_withheld === 1, share, at_ms, rank };
    draws.push({ ...lesson, ...coin, late: is_late === 1, searched: searched_ms !== null });
  }
  return { draws, is_full: isFull(sql, project) };
}
