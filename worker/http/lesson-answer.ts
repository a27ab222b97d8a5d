/** What is answered to who taught, rated or decided: which lesson, what it is then where it is a new one, and what becomes of it. */
import type { Lesson, LessonAcceptedResponse, LessonStatus } from "../../schema/wire/lesson.ts";
import type { NewLesson } from "../../schema/wire/lesson-body.ts";
import { flagsOfLesson } from "../learning/query/flags.ts";
import type { ProjectAccess } from "./context.ts";

export type Decision = "lesson_approved" | "lesson_quarantined" | "lesson_retired";

export function taught(
  id: string,
  lesson: NewLesson,
  { principal }: Pick<ProjectAccess, "principal">,
): LessonAcceptedResponse {
  const flags = flagsOfLesson(lesson);
  if (flags.length > 0) {
    const next = `Its text looks like an instruction (${flags.join(", ")}), so nobody is given it until somebody approves it.`;
    return { id, status: "proposed", next };
  }
  const found =
    "A new one is found a moment from now; what the project knows in the same words already is counted there, and stays what it is.";
  const is_shared = lesson.scope === "team" && principal.kind !== "key";
  const shared = lesson.scope !== "team" ? "" : is_shared ? " The whole team sees it." : WAITS;
  return { id, status: "active", next: `${found}${shared}` };
}
const WAITS = " Other projects of the team see it once somebody approves that.";

/** @param lesson as it stood before. */
export function rated({ id, status, helpful, harmful }: Lesson): LessonAcceptedResponse {
  const next = `It counts a moment from now, in place of what the same agent said before; so far it helped ${helpful} and did harm to ${harmful}.`;
  return { id, status, next };
}

export function decided(id: string, event_type: Decision): LessonAcceptedResponse {
  return { id, ...AFTER[event_type] };
}

const AFTER: Readonly<Record<Decision, { status: LessonStatus; next: string }>> = {
  lesson_approved: { status: "active", next: "It is given to whom it fits, a moment from now." },
  lesson_quarantined: {
    status: "quarantined",
    next: "A moment from now it is given to nobody, until somebody approves it.",
  },
  lesson_retired: {
    status: "retired",
    next: "A moment from now it is given to nobody, and saying it again does not bring it back; approving it does.",
  },
};
