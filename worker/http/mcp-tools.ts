/** The tools of `/v1/mcp`. Each says in text what the routes of the same name say in JSON; what somebody wrote is quoted in it (P2). */
import type { CallToolResult, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { MAX_REF_CHARS } from "../../schema/event/limits.ts";
import { METRICS } from "../../schema/metric/definition.ts";
import { WINDOWS } from "../../schema/metric/window.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { LESSON_CATEGORIES } from "../../schema/wire/lesson.ts";
import { MAX_LESSON_TAGS, MAX_LESSONS_AT_ONCE, MAX_QUESTION_CHARS } from "../../schema/wire/lesson-limits.ts";
import { lessonRating, newLessonRequest } from "../../schema/wire/lesson-body.ts";
import { newLessonId } from "../account/identifier.ts";
import { paste } from "../learning/query/paste.ts";
import { openBook } from "./book.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";
import type { Deliver } from "./deliver.ts";
import { refusalFailure } from "./error.ts";
import type { LearningTools } from "./learning-tools.ts";
import { rated, taught } from "./lesson-answer.ts";
import { ratingOf, saidOf, say } from "./lesson-deeds.ts";
import { NO_LESSON } from "./lessons.ts";
import { readContext } from "./task-context.ts";
import { drivesTrial, keyOf } from "./trial.ts";

export interface ToolBench {
  c: HttpContext;
  access: ProjectAccess;
  learning: LearningTools;
  deliver: Deliver;
}

const question = z.string().trim().min(1).max(MAX_QUESTION_CHARS);
const id = z.string().trim().min(1).max(MAX_REF_CHARS);
const k = z.int().min(1).max(MAX_LESSONS_AT_ONCE).describe("Lessons at most.");
const VIA = "mcp";

export function addTools(server: McpServer, bench: ToolBench): void {
  const { c, access, learning, deliver } = bench;

  server.registerTool(
    "search_lessons",
    {
      title: "Search lessons",
      description: "Finds what this team learned about something, with the reason of each rank.",
      inputSchema: z.object({
        query: question.describe("What the work is about, in words."),
        k: k.optional(),
        category: z.enum(LESSON_CATEGORIES).optional(),
        tags: z.array(z.string()).max(MAX_LESSON_TAGS).optional().describe("One of them at least."),
        task_id: id.optional().describe("The task that it is for."),
      }),
      annotations: { readOnlyHint: true },
    },
    async ({ query, k, category, tags, task_id }) => {
      const opened = await openBook(c, access, "read", learning.teamOf);
      if (!opened.ok) return failed(opened.failure);
      const trial = task_id === undefined ? null : await drivesTrial(access);
      if (trial?.ok === false) return failed(trial.failure);
      const now_ms = Date.now();
      const { project_id: project } = access;
      const { weights, max_lessons, max_tokens } = await learning.readLearning(c.env.DB, project, now_ms);
      const { hits } = await opened.book.search({
        ...{ project, text: query, k: k ?? max_lessons, tokens: max_tokens, weights, now_ms },
        ...(category === undefined ? {} : { category: [category] }),
        ...(tags === undefined ? {} : { tags: tags.map((tag) => tag.toLowerCase()) }),
      });
      if (task_id !== undefined && trial?.drives === true && (await learning.knowsTask(access, task_id)))
        await opened.book.noteSearched({
          ...{ project, task: task_id, feature: null, hits, via: VIA, now_ms },
          key: keyOf(access),
        });
      return said(paste({ lessons: hits, why: true }) || "No lesson is about that.");
    },
  );

  server.registerTool(
    "task_context",
    {
      title: "Context of a task",
      description:
        "What to know before a task begins: lessons, decisions it may touch, the team's ways of working, a forecast.",
      inputSchema: z.object({
        task_id: id.optional().describe("A task that this project knows."),
        query: question.optional().describe("What the work is about, in place of the task's own words."),
        role: id
          .optional()
          .describe("Your role, for ways of working that are meant for it; else the assignee's counts."),
        k: k.optional(),
      }),
    },
    async ({ task_id, query, role, k }) => {
      const ask = { task: task_id, q: query, role, k, via: VIA };
      const read = await readContext(learning, c, access, ask);
      return read.ok ? said(read.context.text || "Nothing is known that would help.") : failed(read.failure);
    },
  );

  server.registerTool(
    "record_lesson",
    {
      title: "Record a lesson",
      description:
        "Keeps what was understood, for whoever works on something like it. Few and short ones help.",
      inputSchema: newLessonRequest,
    },
    async (lesson) => {
      const lesson_id = newLessonId();
      const refused = await say(c, access, deliver, saidOf(lesson_id, lesson));
      if (refused !== null) return failed(refused);
      const { status, next } = taught(lesson_id, lesson, access);
      return said(`Recorded as ${lesson_id}: ${status}. ${next}`);
    },
  );

  server.registerTool(
    "rate_lesson",
    {
      title: "Rate a lesson",
      description: "Says whether a lesson helped: it decides who is given it next.",
      inputSchema: lessonRating.extend({ lesson_id: id }),
    },
    async ({ lesson_id, ...rating }) => {
      const opened = await openBook(c, access, "ingest", learning.teamOf);
      if (!opened.ok) return failed(opened.failure);
      const lesson = await opened.book.get(access.project_id, lesson_id);
      if (lesson === null) return failed(NO_LESSON);
      const refused = await say(c, access, deliver, ratingOf(lesson_id, rating));
      return refused === null ? said(`Thank you. ${rated(lesson).next}`) : failed(refused);
    },
  );

  server.registerTool(
    "project_metrics",
    {
      title: "Metrics of the project",
      description: "Velocity, quality, cost and reliability of the project, each beside its target.",
      inputSchema: z.object({ window: z.enum(WINDOWS).default("24h") }),
      annotations: { readOnlyHint: true },
    },
    async ({ window }) => {
      const reply = await access.room.readMetrics(access.principal, { now_ms: Date.now(), window });
      if (!reply.ok) return failed(refusalFailure(reply));
      const lines = reply.rows.flatMap(({ metric: name, value, n, target, status }) => {
        const metric = METRICS.find((one) => one.id === name);
        if (metric === undefined) return [];
        const known =
          value === null ? "unknown" : `${Number(value.toPrecision(4))} ${metric.unit}, from ${n}`;
        const held = target === null ? "" : `; target ${target.bound} ${target.value}: ${status}`;
        return [`- ${metric.label}: ${known}${held}`];
      });
      return said(`Metrics of the last ${window}:\n${lines.join("\n")}`);
    },
  );
}

function said(text: string): CallToolResult {
  return { content: [{ type: "text", text }] };
}

function failed({ message }: Failure): CallToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}
