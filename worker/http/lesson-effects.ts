/** `GET …/lessons/effects`: what the lessons that were handed over did, by those that were held back. */
import type { Task } from "../../schema/state/state.ts";
import { findArchived } from "../archive/query-entity.ts";
import { tellEffects } from "../learning/query/effects.ts";
import { openBook } from "./book.ts";
import type { HttpContext, ProjectAccess, ProjectHandler } from "./context.ts";
import type { LearningTools } from "./learning-tools.ts";
import { parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";

/** Tasks that left the live state and are read from the archive, one by one: some 100 ms of queries. */
const MAX_LOOKED_UP = 500;
/** At once. */
const LOOKED_UP_TOGETHER = 20;

export function createGetEffects({ teamOf }: LearningTools): ProjectHandler {
  return async (c, access) => {
    const query = parseQuery(c, {});
    if (!query.ok) return query.failure;
    const opened = await openBook(c, access, "read", teamOf);
    if (!opened.ok) return opened.failure;
    const [read, drawn] = await Promise.all([readWireState(access), opened.book.drawn(access.project_id)]);
    if (!("ok" in read)) return read;
    const { open_tasks, closed_tasks } = read.state;
    const known = new Set([...open_tasks, ...closed_tasks].map(({ id }) => id));
    const gone = [...new Set(drawn.map(({ task_id }) => task_id))].filter((id) => !known.has(id));
    const archived = await archivedTasks(c, access, gone.slice(0, MAX_LOOKED_UP));
    return Response.json(tellEffects(drawn, [...closed_tasks, ...archived]));
  };
}

/** Those that the archive knows; without it, those of the live state alone are told of, and the rest waits (B1). */
async function archivedTasks(
  c: HttpContext,
  { project_id }: ProjectAccess,
  ids: readonly string[],
): Promise<Task[]> {
  const found: Task[] = [];
  try {
    for (let from = 0; from < ids.length; from += LOOKED_UP_TOGETHER) {
      const some = ids.slice(from, from + LOOKED_UP_TOGETHER);
      const tasks = await Promise.all(some.map((id) => findArchived(c.env.DB, project_id, "task", id)));
      found.push(...tasks.filter((task) => task !== null));
    }
  } catch (error) {
    console.error("the archive cannot be read; effects are told without its tasks", error);
  }
  return found;
}
