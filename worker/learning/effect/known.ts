/** The tasks that lessons were drawn for: from the live state, and what it forgot from the archive. */
import type { Task } from "../../../schema/state/entity/task.ts";
import type { Drawn, Look } from "../query/book.ts";
import { SESSION_KIND } from "../query/session.ts";
import { outcomeOf } from "./task.ts";

/** By id. Null: nobody knows it any more; none: it was not looked up. */
export type KnownTasks = ReadonlyMap<string, Task | null>;

/** Looked up in the archive for one answer, in tasks: some 50 queries. The rest waits. */
const MAX_LOOKED_UP = 5_000;

/** @param archived those of these that the archive has. While it cannot be read what the live state forgot waits (B1). */
export async function drawnTasks(
  { draws }: Pick<Drawn, "draws">,
  live: readonly Task[],
  archived: (ids: readonly string[]) => Promise<Task[]>,
): Promise<KnownTasks> {
  const tasks = new Map<string, Task | null>(live.map((task) => [task.id, task]));
  const asked = byTurns(draws, (id) => !tasks.has(id)).slice(0, MAX_LOOKED_UP);
  if (asked.length === 0) return tasks;
  try {
    const found = await archived(asked);
    for (const id of asked) tasks.set(id, null);
    for (const task of found) tasks.set(task.id, task);
  } catch (error) {
    console.error("the archive cannot be read; effects are told without its tasks", error);
  }
  return tasks;
}

/**
 * The tasks that are gone, each lesson's in the order of its draws, one of each lesson at a time: a lesson is told of from
 * its first draw on, so that a young one would wait for ever behind the thousands of an old one. Active lessons come
 * before those that are given out no more.
 */
function byTurns(draws: Drawn["draws"], is_gone: (task_id: string) => boolean): string[] {
  const lessons = new Map<string, { is_active: boolean; tasks: string[] }>();
  for (const { lesson_id, status, task_id } of draws) {
    if (!is_gone(task_id)) continue;
    const lesson = lessons.get(lesson_id) ?? { is_active: status === "active", tasks: [] };
    lessons.set(lesson_id, lesson);
    lesson.tasks.push(task_id);
  }
  const asked = new Set<string>();
  for (const active of [true, false]) {
    const rows = [...lessons.values()].filter(({ is_active }) => is_active === active);
    const longest = rows.reduce((most, { tasks }) => Math.max(most, tasks.length), 0);
    for (let turn = 0; turn < longest && asked.size < MAX_LOOKED_UP; turn++)
      for (const { tasks } of rows) {
        const task = tasks[turn];
        if (task !== undefined) asked.add(task);
      }
  }
  return [...asked];
}

/** What is known of the tasks that were drawn; a session has no end that anybody calls good or bad. */
export function endsOf({ draws }: Pick<Drawn, "draws">, tasks: KnownTasks): Look["ends"] {
  const ids = new Set(draws.map(({ task_id }) => task_id));
  return [...ids].flatMap((id) => {
    const task = tasks.get(id);
    const has_end = task?.kind !== SESSION_KIND;
    return task === undefined ? [] : [[id, task && has_end ? outcomeOf(task) : null] as const];
  });
}
