/** What a person types about a new lesson, as the request; and what is wrong with it. Lengths are the server's to check. */
import type { LessonCategory, LessonScope } from "../../../schema/wire/lesson.ts";
import type { NewLesson } from "../../../schema/wire/lesson-body.ts";

export interface LessonDraft {
  headline: string;
  explanation: string;
  context: string;
  category: LessonCategory;
  /** Between commas. */
  tags: string;
  importance: string;
  scope: LessonScope;
  /** Numbers of events, between commas or spaces. */
  evidence: string;
  task_id: string;
}

export const EMPTY_DRAFT: LessonDraft = {
  ...{ headline: "", explanation: "", context: "", category: "pitfall", tags: "", importance: "5" },
  ...{ scope: "project", evidence: "", task_id: "" },
};

export type LessonErrors = Partial<Record<keyof LessonDraft, string>>;

const words = (text: string): string | undefined => (text.trim() === "" ? undefined : text.trim());
const parts = (text: string, between: RegExp): string[] =>
  text
    .split(between)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** `knows`: an event about a task that nobody knows would make one. */
export function readDraft(
  draft: LessonDraft,
  knows: (task: string) => boolean,
): { ok: true; lesson: NewLesson } | { ok: false; errors: LessonErrors } {
  const errors: LessonErrors = {};
  const headline = words(draft.headline);
  if (headline === undefined) errors.headline = "Say in a sentence what the next one should know.";
  const evidence = parts(draft.evidence, /[\s,]+/);
  const wrong = evidence.find((seq) => !/^[1-9]\d{0,14}$/.test(seq));
  if (wrong !== undefined)
    errors.evidence = `"${wrong}" is no number of an event. Numbers as 12, 480 are expected, as Events lists them.`;
  const task_id = words(draft.task_id);
  if (task_id !== undefined && !knows(task_id))
    errors.task_id =
      "No task of this name is in the live picture. Name one of the Task Flow, or leave it empty.";
  if (headline === undefined || Object.keys(errors).length > 0) return { ok: false, errors };
  const tags = parts(draft.tags, /,/);
  const { category, scope } = draft;
  return {
    ok: true,
    lesson: {
      ...{ headline, category, scope, importance: Number(draft.importance) },
      explanation: words(draft.explanation),
      context: words(draft.context),
      task_id,
      ...(tags.length === 0 ? {} : { tags: [...new Set(tags)] }),
      ...(evidence.length === 0 ? {} : { evidence: [...new Set(evidence.map(Number))] }),
    },
  };
}

/** The server's words, each beside its field; `tags.3` is of the tags. */
export function draftErrors(by_field: Readonly<Record<string, string>>): LessonErrors {
  const errors: LessonErrors = {};
  for (const [path, message] of Object.entries(by_field)) {
    const [name = ""] = path.split(".");
    if (isField(name)) errors[name] ??= message;
  }
  return errors;
}

const isField = (name: string): name is keyof LessonDraft => Object.hasOwn(EMPTY_DRAFT, name);
