/** The tasks that lessons were drawn for: from the live state, and what it forgot from the archive. */
import type { Task } from "../../../schema/state/state.ts";
import type { Drawn } from "../query/book.ts";

/** By id. Null: nobody knows it any more; none: it was not looked up. */
export type KnownTasks = ReadonlyMap<string, Task | null>;

/** Looked up in the archive for one answer: some 50 queries, those that were drawn first. The rest waits. */
const MAX_LOOKED_UP = 5_000;

/** @param archived those of these that the archive has. While it cannot be read what the live state forgot waits (B1). */
export async function drawnTasks(
  { draws }: Pick<Drawn, "draws">,
  live: readonly Task[],
  archived: (ids: readonly string[]) => Promise<Task[]>,
): Promise<KnownTasks> {
  const tasks = new Map<string, Task | null>(live.map((task) => [task.id, task]));
  const gone = [...new Set(draws.map(({ task_id }) => task_id))].filter((id) => !tasks.has(id));
  const asked = gone.slice(0, MAX_LOOKED_UP);
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
