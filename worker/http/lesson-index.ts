/** The index of a team's lessons, made anew. */
import { noBody } from "../../schema/wire/lesson-body.ts";
import type { LessonsReindexedResponse } from "../../schema/wire/lesson.ts";
import { readAskedAlone } from "./asked-body.ts";
import { openBook } from "./book.ts";
import type { ProjectHandler } from "./context.ts";
import type { LearningTools } from "./learning-tools.ts";

export function createReindex({ teamOf }: Pick<LearningTools, "teamOf">): ProjectHandler {
  return async (c, access) => {
    const read = await readAskedAlone(c, access, "admin", noBody);
    if (!read.ok) return read.failure;
    const opened = await openBook(c, access, "admin", teamOf);
    if (!opened.ok) return opened.failure;
    const left = await opened.book.reindex();
    return Response.json({ left } satisfies LessonsReindexedResponse, { status: 202 });
  };
}
