/**
 * What is said and done about lessons. Each deed is an event in the project's log, and the book hears of it from
 * there: a key's in the name of its agent, a person's and an admin's key's in Clusterfork's name.
 */
import type { z } from "zod";
import type { Json } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { redactSecrets } from "../../schema/event/secret/secret.ts";
import { speakerOfKey } from "../../schema/state/crew.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { Lesson } from "../../schema/wire/lesson.ts";
import {
  lessonApproval,
  lessonEnding,
  lessonRating,
  newLessonRequest,
  type LessonRating,
  type NewLesson,
} from "../../schema/wire/lesson-body.ts";
import { newLessonId } from "../account/identifier.ts";
import { readAskedAlone } from "./asked-body.ts";
import { openBook } from "./book.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { createDeliver, type Deliver, type IntakeTools } from "./deliver.ts";
import { refusalFailure } from "./error.ts";
import { decided, rated, taught, type Decision } from "./lesson-answer.ts";
import { asker, known, ownEvent } from "./lesson-event.ts";
import type { LearningTools } from "./learning-tools.ts";
import { NO_LESSON } from "./lessons.ts";

const FOREIGN: Failure = {
  code: "conflict",
  message: "This lesson is another project's. Whoever looks after that project decides about it, there.",
};

/** Fields of one event; absent ones are left out. */
interface Said {
  event_type: "lesson_learned" | "lesson_rated";
  metadata: Record<string, Json | undefined>;
  metrics: Record<string, number | undefined>;
  agent_id?: string | undefined;
  task_id?: string | undefined;
  feature_id?: string | undefined;
}

type Deed = "teach" | "rate" | "approve" | "quarantine" | "retire";

export function createLessonDeeds(tools: LearningTools, intake: IntakeTools): Record<Deed, ProjectHandler> {
  const deliver = createDeliver(intake);
  return {
    async teach(c, access) {
      const read = await readAskedAlone(c, access, "ingest", newLessonRequest);
      if (!read.ok) return read.failure;
      const id = newLessonId();
      const refused = await say(c, access, deliver, saidOf(id, read.value));
      return refused ?? Response.json(taught(id, read.value, access), { status: 201 });
    },

    async rate(c, access) {
      const read = await readAskedAlone(c, access, "ingest", lessonRating);
      if (!read.ok) return read.failure;
      const found = await findLesson(tools, c, access, access.principal.kind === "key" ? "ingest" : "read");
      if (!found.ok) return found.failure;
      const refused = await say(c, access, deliver, ratingOf(found.lesson.id, read.value));
      return refused ?? Response.json(rated(found.lesson), { status: 202 });
    },

    approve: decide(tools, "lesson_approved", lessonApproval),
    quarantine: decide(tools, "lesson_quarantined", lessonEnding),
    retire: decide(tools, "lesson_retired", lessonEnding),
  };
}

export function saidOf(id: string, lesson: NewLesson): Said {
  const { importance, evidence, agent_id, task_id, feature_id, ...metadata } = lesson;
  return {
    event_type: "lesson_learned",
    metadata: { lesson_id: id, ...metadata, evidence: evidence?.map(String) },
    metrics: { importance },
    ...{ agent_id, task_id, feature_id },
  };
}

export function ratingOf(id: string, { helpful, comment, importance, ...whose }: LessonRating): Said {
  return {
    event_type: "lesson_rated",
    metadata: { lesson_id: id, helpful, comment },
    metrics: { rating: helpful ? 1 : -1, importance },
    ...whose,
  };
}

/** Into the log: null once it is there. */
export async function say(
  c: HttpContext,
  access: ProjectAccess,
  deliver: Deliver,
  { event_type, metadata, metrics, agent_id, ...about }: Said,
): Promise<Failure | null> {
  const event = {
    event_type,
    timestamp: new Date().toISOString(),
    metadata: known(metadata),
    metrics: known(metrics),
  };
  const { principal } = access;
  if (principal.kind !== "key") {
    const own: OwnEvent = {
      ...ownEvent(event_type, [event_type, c.get("request_id")]),
      ...event,
      // Sent in Clusterfork's name, it does not pass where senders' secrets are taken out (P1).
      metadata: redactSecrets({ ...event.metadata, by: await asker(c, access) }),
      ...known(about),
    };
    const told = await access.room.tell(principal, [own]);
    return told.ok ? null : refusalFailure(told);
  }
  const id = crypto.randomUUID();
  const sent = { id, agent_id: agent_id ?? speakerOfKey(principal.key_id), ...event, ...known(about) };
  const delivered = await deliver(c, access, { events: [sent], refused: [], ignored: {} }, "api");
  if (!delivered.ok) return delivered.failure;
  const [rejected] = delivered.reply.results ?? [];
  return rejected === undefined ? null : { code: "invalid", message: rejected.message };
}

/** Somebody who may says what becomes of a lesson of this project. */
function decide<T extends { reason?: string | undefined }>(
  tools: LearningTools,
  event_type: Decision,
  schema: z.ZodType<T>,
): ProjectHandler {
  return async (c, access): Promise<Reply> => {
    const read = await readAskedAlone(c, access, "admin", schema);
    if (!read.ok) return read.failure;
    const found = await findLesson(tools, c, access, "admin");
    if (!found.ok) return found.failure;
    const { id, project, status, updated_at } = found.lesson;
    if (project !== access.project_id) return FOREIGN;
    const told = await access.room.tell(access.principal, [
      {
        // The same deed twice adds nothing; after another one it is a new one.
        ...ownEvent(event_type, [event_type, id, status, updated_at]),
        metadata: redactSecrets(known({ lesson_id: id, by: await asker(c, access), ...read.value })),
      },
    ]);
    if (!told.ok) return refusalFailure(told);
    return Response.json(decided(id, event_type), { status: 202 });
  };
}

async function findLesson(
  { teamOf }: LearningTools,
  c: HttpContext,
  access: ProjectAccess,
  needed: "read" | "ingest" | "admin",
): Promise<{ ok: true; lesson: Lesson } | { ok: false; failure: Failure }> {
  const opened = await openBook(c, access, needed, teamOf);
  if (!opened.ok) return opened;
  const lesson = await opened.book.get(access.project_id, c.req.param("lesson") ?? "");
  return lesson === null ? { ok: false, failure: NO_LESSON } : { ok: true, lesson };
}
