/** `GET …/lessons`, `…/lessons/search`, `…/lessons/:lesson`: what the team's book has for this project. */
import {
  LESSON_CATEGORIES,
  LESSON_STATUSES,
  type LessonResponse,
  type LessonSearchResponse,
  type LessonsResponse,
} from "../../schema/wire/lesson.ts";
import {
  MAX_LESSON_TOKENS,
  MAX_LESSONS_AT_ONCE,
  MAX_LESSONS_PER_PAGE,
  MAX_QUESTION_CHARS,
} from "../../schema/wire/lesson-limits.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { LearningTools } from "./learning-tools.ts";
import { openBook } from "./book.ts";
import type { ProjectHandler } from "./context.ts";
import { choiceParameter, parseQuery, textParameter, wholeNumber } from "./query.ts";
import { drivesTrial, keyOf } from "./trial.ts";
import { z } from "zod";

/** Lessons of a page where nobody says how many: a screen or two. */
const DEFAULT_LIMIT = 50;

export const NO_LESSON: Failure = {
  code: "not_found",
  message: "There is no such lesson for this project. GET …/lessons lists those that there are.",
};

const tags = z.string().transform((text) => text.split(",").map((tag) => tag.trim().toLowerCase()));
const FILTERS = {
  status: choiceParameter(LESSON_STATUSES).optional(),
  category: choiceParameter(LESSON_CATEGORIES).optional(),
  tags: tags.optional(),
};

export const questionParameter = z
  .string()
  .trim()
  .min(1, "must not be empty: say what the work is about")
  .max(MAX_QUESTION_CHARS, `must be at most ${MAX_QUESTION_CHARS} characters`);
export const kParameter = wholeNumber(1, MAX_LESSONS_AT_ONCE);
export const tokensParameter = wholeNumber(1, MAX_LESSON_TOKENS);

export function createLessonRoutes(tools: LearningTools): Record<"list" | "one" | "search", ProjectHandler> {
  const { teamOf, readLearning } = tools;
  return {
    async list(c, access) {
      const query = parseQuery(c, {
        ...FILTERS,
        after: textParameter.optional(),
        limit: wholeNumber(1, MAX_LESSONS_PER_PAGE).optional(),
      });
      if (!query.ok) return query.failure;
      const opened = await openBook(c, access, "read", teamOf);
      if (!opened.ok) return opened.failure;
      const { after = null, limit = DEFAULT_LIMIT, ...filters } = query.value;
      const listed = await opened.book.list({ project: access.project_id, after, limit, ...filters });
      return Response.json(listed satisfies LessonsResponse);
    },

    async one(c, access) {
      const query = parseQuery(c, {});
      if (!query.ok) return query.failure;
      const opened = await openBook(c, access, "read", teamOf);
      if (!opened.ok) return opened.failure;
      const lesson = await opened.book.get(access.project_id, c.req.param("lesson") ?? "");
      return lesson === null ? NO_LESSON : Response.json({ lesson } satisfies LessonResponse);
    },

    async search(c, access) {
      // A key that may not ask is told so, whatever its question lacks (T4).
      const opened = await openBook(c, access, "read", teamOf);
      if (!opened.ok) return opened.failure;
      const query = parseQuery(c, {
        ...FILTERS,
        q: questionParameter,
        k: kParameter.optional(),
        tokens: tokensParameter.optional(),
        task: textParameter.optional(),
      });
      if (!query.ok) return query.failure;
      const { q, k, tokens, task, ...filters } = query.value;
      const trial = task === undefined ? null : await drivesTrial(access);
      if (trial?.ok === false) return trial.failure;
      const now_ms = Date.now();
      const { project_id: project } = access;
      const settings = await readLearning(c.env.DB, project, now_ms);
      const found = await opened.book.search({
        ...{ project, text: q, weights: settings.weights, now_ms },
        ...{ k: k ?? settings.max_lessons, tokens: tokens ?? settings.max_tokens },
        ...filters,
      });
      if (task !== undefined && trial?.drives === true && (await tools.knowsTask(access, task)))
        await opened.book.noteSearched({
          project,
          task,
          feature: null,
          hits: found.hits,
          via: "search",
          key: keyOf(access),
          now_ms,
        });
      return Response.json({ query: q, ...found } satisfies LessonSearchResponse);
    },
  };
}
