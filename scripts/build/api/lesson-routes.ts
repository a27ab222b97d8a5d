/** The routes of lessons, described (see routes.ts). */
import * as z from "zod";
import { LESSON_CATEGORIES, LESSON_STATUSES } from "../../../schema/wire/lesson.ts";
import * as lesson from "../../../schema/wire/lesson-body.ts";
import { MAX_REF_CHARS } from "../../../schema/event/limits.ts";
import {
  MAX_LESSON_TOKENS,
  MAX_LESSONS_AT_ONCE,
  MAX_LESSONS_PER_PAGE,
  MAX_QUESTION_CHARS,
} from "../../../schema/wire/lesson-limits.ts";
import { lessonEffectsResponse } from "../../../schema/wire/lesson-effect-body.ts";
import type { Description } from "./routes.ts";

const oneOf = (values: readonly string[]) =>
  z.string().describe(`One of these, or several joined by commas: ${values.join(", ")}.`);
const filters = {
  status: oneOf(LESSON_STATUSES),
  category: oneOf(LESSON_CATEGORIES),
  tags: z.string().describe("Tags joined by commas: one of them at least."),
};
const k = z.int().min(1).max(MAX_LESSONS_AT_ONCE).describe("Lessons at most.");
const tokens = z.int().min(1).max(MAX_LESSON_TOKENS).describe("Their length together at most, in tokens.");
const task = z.string().min(1).max(MAX_REF_CHARS);

/** Of the table of what is read. */
export const LESSON_READING: Record<string, Description> = {
  "/lessons": {
    summary: "The lessons of the project and of its whole team, the newest first.",
    query: {
      ...filters,
      after: z.string().describe("`next` of the page before."),
      limit: z.int().min(1).max(MAX_LESSONS_PER_PAGE),
    },
    reply: { status: 200, body: lesson.lessonsResponse },
  },
  "/lessons/search": {
    summary:
      "Lessons about something, each with the parts of its score. Nothing is held back; with `task`, and a key that has `ingest` beside `read`, the log says that it was searched for it.",
    query: { q: z.string().min(1).max(MAX_QUESTION_CHARS), k, tokens, task, ...filters },
    reply: { status: 200, body: lesson.lessonSearchResponse },
  },
  "/lessons/effects": {
    summary:
      "What lessons do: tasks that were given one against tasks that it was held back from by chance. The bounds hold at every look.",
    reply: { status: 200, body: lessonEffectsResponse },
  },
  "/lessons/:lesson": { summary: "One lesson.", reply: { status: 200, body: lesson.lessonResponse } },
  "/context": {
    summary:
      "What an agent should know before it begins: lessons, decisions, ways of working, a forecast, ready to paste. To a key with the scopes `ingest` and `read`, for an open task in its own words (no `q`, no `k` or `tokens` above the settings), some lessons are held back by chance, and the log says which; all others get what a search finds.",
    query: {
      task: task.describe("A task of the live state."),
      q: z
        .string()
        .min(1)
        .max(MAX_QUESTION_CHARS)
        .describe("What the work is about, in place of the task's own words."),
      role: z
        .string()
        .min(1)
        .describe("Of whoever asks, for the ways of working; default: the role of the task's assignee."),
      ...{ k, tokens },
    },
    reply: { status: 200, body: lesson.contextResponse, also: { "text/markdown": "The same, to paste." } },
  },
};

const accepted: Description["reply"] = { status: 202, body: lesson.lessonAccepted };

const DOING: Record<string, Description> = {
  "POST /lessons": {
    summary:
      "Teaches a lesson. A new one is found a moment later; what the project knows in the same words already is counted there, and stays what it is. One that looks like a prompt injection waits for approval, and so does what a key teaches with the scope `team`, for the other projects.",
    request: lesson.newLessonRequest,
    reply: { status: 201, body: lesson.lessonAccepted },
  },
  "POST /lessons/:lesson/rating": {
    summary: "Whether it helped. The newest word of each agent and person counts.",
    request: lesson.lessonRating,
    reply: accepted,
  },
  "POST /lessons/:lesson/approve": {
    summary: "It may be given out; with the scope `team` to all projects of the team.",
    request: lesson.lessonApproval,
    reply: accepted,
  },
  "POST /lessons/:lesson/quarantine": {
    summary: "It is given to nobody until somebody approves it.",
    request: lesson.lessonEnding,
    reply: accepted,
  },
  "POST /lessons/:lesson/retire": {
    summary: "It is no longer true.",
    request: lesson.lessonEnding,
    reply: accepted,
  },
  "POST /lessons/quarantine": {
    summary:
      "All that a key taught, and what rests on its events, is given to nobody until somebody approves it. `purge` destroys it.",
    request: lesson.lessonsOfKey,
    reply: { status: 202, body: lesson.lessonsQuarantined },
  },
  "POST /lessons/reindex": {
    summary:
      "Makes the vectors of the team's lessons that are missing, or of another embedder: it is done by itself, too, within minutes of a deployment.",
    request: lesson.noBody,
    reply: { status: 202, body: lesson.lessonsReindexed },
  },
  "POST /lessons/purge": {
    summary: "Destroys what a key taught, what rests on its events, and its votes.",
    request: lesson.lessonsOfKey,
    reply: { status: 202, body: lesson.lessonsPurged },
  },
};

export const LESSON_ROUTES: Record<string, Description> = {
  "POST /v1/mcp": {
    summary:
      "Model Context Protocol, streamable HTTP without sessions: tools search_lessons, task_context, record_lesson, rate_lesson, project_metrics.",
    request: z.looseObject({ jsonrpc: z.literal("2.0"), method: z.string() }),
    reply: { status: 200, body: z.looseObject({ jsonrpc: z.literal("2.0") }) },
  },
  ...Object.fromEntries(
    Object.entries(DOING).flatMap(([route, description]) =>
      ["/v1", "/api/projects/:project"].map((mount) => [route.replace(" ", ` ${mount}`), description]),
    ),
  ),
};
