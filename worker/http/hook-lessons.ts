/**
 * The lessons that fit a prompt, for the hook that tells of it. A session is told each lesson once, and waits for no
 * answer for long: without one it goes on as it is.
 */
import { MAX_QUESTION_CHARS } from "../../schema/wire/lesson-limits.ts";
import { paste } from "../learning/query/paste.ts";
import { SESSION_SHARE } from "../learning/query/session.ts";
import { LateError, within } from "../learning/query/within.ts";
import { bookOf } from "./book.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";
import type { LearningTools } from "./learning-tools.ts";
import { keyOf } from "./trial.ts";

export interface Prompt {
  text: string;
  /** The task that the session is. */
  task: string;
}

/** Beside a person's own words there is little room: three lessons, some 600 words. */
const MAX_LESSONS = 3;
const MAX_TOKENS = 800;
/** ms. Somebody sits before the screen and waits. */
const PATIENCE_MS = 1_500;

/** For a key that the room has let in. Empty where nothing fits; does not throw (B1). */
export async function lessonsForPrompt(
  { teamOf, readLearning }: LearningTools,
  c: HttpContext,
  access: ProjectAccess,
  { text, task }: Prompt,
): Promise<string> {
  const now_ms = Date.now();
  const { project_id: project } = access;
  const ask = async (): Promise<string> => {
    const team_id = await teamOf(c.env.DB, project);
    if (team_id === null) return "";
    const { weights, max_lessons, max_tokens } = await readLearning(c.env.DB, project, now_ms);
    const { hits } = await bookOf(c, team_id).deliver({
      ...{ project, task, feature: null, via: "hook", weights, now_ms, only_new: true },
      ...{ key: keyOf(access), withheld_share: SESSION_SHARE },
      text: text.slice(0, MAX_QUESTION_CHARS),
      until_ms: now_ms + PATIENCE_MS,
      k: Math.min(MAX_LESSONS, max_lessons),
      tokens: Math.min(MAX_TOKENS, max_tokens),
    });
    return paste({ lessons: hits });
  };
  try {
    return await within(ask(), PATIENCE_MS, "The book of lessons");
  } catch (error) {
    if (!(error instanceof LateError))
      console.error("the book of lessons did not answer; a prompt goes on without", error);
    return "";
  }
}
