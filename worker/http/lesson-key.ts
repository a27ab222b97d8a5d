/** What is done about all that a key taught: quarantined, so that somebody looks at it, or destroyed. */
import type { OwnEvent } from "../../schema/event/own.ts";
import { redactSecrets } from "../../schema/event/secret/secret.ts";
import type { LessonsPurgedResponse, LessonsQuarantinedResponse } from "../../schema/wire/lesson.ts";
import { lessonsOfKey } from "../../schema/wire/lesson-body.ts";
import { readAskedAlone } from "./asked-body.ts";
import { openBook } from "./book.ts";
import type { ProjectHandler } from "./context.ts";
import { refusalFailure } from "./error.ts";
import type { LearningTools } from "./learning-tools.ts";
import { asker, known, ownEvent } from "./lesson-event.ts";

/** Events told at once: one commit of the room stays within some ms. */
const TOLD_AT_ONCE = 500;

export function createLessonKeyDeeds({
  teamOf,
}: Pick<LearningTools, "teamOf">): Record<"purge" | "quarantine", ProjectHandler> {
  return {
    async purge(c, access) {
      const read = await readAskedAlone(c, access, "admin", lessonsOfKey);
      if (!read.ok) return read.failure;
      const { key, reason } = read.value;
      const told = await access.room.tell(access.principal, [
        {
          ...ownEvent("lessons_purged", ["purged", key, c.get("request_id")]),
          metadata: redactSecrets(known({ key_id: key, by: await asker(c, access), reason })),
        },
      ]);
      if (!told.ok) return refusalFailure(told);
      return Response.json({ key } satisfies LessonsPurgedResponse, { status: 202 });
    },

    async quarantine(c, access) {
      const read = await readAskedAlone(c, access, "admin", lessonsOfKey);
      if (!read.ok) return read.failure;
      const opened = await openBook(c, access, "admin", teamOf);
      if (!opened.ok) return opened.failure;
      const { key, reason = `What the key ${key} taught, or what rests on its events, is looked at.` } =
        read.value;
      const lessons = await opened.book.taughtBy(access.project_id, key);
      const by = await asker(c, access);
      const events = lessons.map(({ id, status, updated_at }): OwnEvent => ({
        // The same deed twice adds nothing; after another one it is a new one.
        ...ownEvent("lesson_quarantined", ["lesson_quarantined", id, status, updated_at]),
        metadata: redactSecrets(known({ lesson_id: id, by, reason })),
      }));
      for (let from = 0; from < events.length; from += TOLD_AT_ONCE) {
        const told = await access.room.tell(access.principal, events.slice(from, from + TOLD_AT_ONCE));
        if (!told.ok) return refusalFailure(told);
      }
      const reply = { key, lessons: lessons.map(({ id }) => id) };
      return Response.json(reply satisfies LessonsQuarantinedResponse, { status: 202 });
    },
  };
}
