/** Which tasks of a project were given a lesson, and from which it was held back, as the coin fell. */
import type { DrawnLesson } from "../query/book.ts";
import { seenBy } from "./kept.ts";
import type { Shelf } from "./shelf.ts";

export function drawnBy(sql: SqlStorage, shelf: Shelf, project: string): DrawnLesson[] {
  const rows = sql
    .exec<{ pk: number; task: string; is_withheld: number; share: number }>(
      "SELECT pk, task, is_withheld, share FROM delivery WHERE project = ? ORDER BY at_ms, task, pk",
      project,
    )
    .toArray();
  const lessons = new Map<number, Pick<DrawnLesson, "lesson_id" | "status" | "is_own"> | null>();
  return rows.flatMap(({ pk, task, is_withheld, share }): DrawnLesson[] => {
    let lesson = lessons.get(pk);
    if (lesson === undefined) {
      const place = shelf.at(pk);
      const seen = place && seenBy(project, place.kept);
      lesson = seen && { lesson_id: seen.id, status: seen.status, is_own: seen.project === project };
      lessons.set(pk, lesson);
    }
    return lesson === null ? [] : [{ ...lesson, task_id: task, withheld: is_withheld === 1, share }];
  });
}
