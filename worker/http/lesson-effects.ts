/** `GET …/lessons/effects`: what the lessons that were handed over did, by those that were held back. */
import { findArchivedTasks } from "../archive/query-entity.ts";
import type { Look } from "../learning/query/book.ts";
import { drawnTasks, endsOf } from "../learning/query/effects.ts";
import { openBook } from "./book.ts";
import type { ProjectHandler } from "./context.ts";
import type { LearningTools } from "./learning-tools.ts";
import { parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";

export function createGetEffects({ teamOf }: LearningTools): ProjectHandler {
  return async (c, access) => {
    const query = parseQuery(c, {});
    if (!query.ok) return query.failure;
    const opened = await openBook(c, access, "read", teamOf);
    if (!opened.ok) return opened.failure;
    const { project_id } = access;
    const { book } = opened;
    const open = await book.drawn(project_id);
    let ends: Look["ends"] = [];
    if (open.draws.length > 0) {
      const read = await readWireState(access);
      if (!("ok" in read)) return read;
      const { open_tasks, closed_tasks } = read.state;
      const tasks = await drawnTasks(open, [...open_tasks, ...closed_tasks], (ids) =>
        findArchivedTasks(c.env.DB, project_id, ids),
      );
      ends = endsOf(open, tasks);
    }
    return Response.json((await book.look({ project: project_id, ends, now_ms: Date.now() })).effects);
  };
}
