/**
 * `GET …/context`: what an agent should know before it begins a task, ready to paste.
 *
 *   task ─▶ its words ─▶ book.deliver (some held back by chance, told in the log) ─┐
 *        ─▶ decisions of its feature, and of like words                            ├─▶ JSON, or Markdown
 *        ─▶ ways of working for its role and kind (SOPs)                            │
 *        ─▶ forecast                                                               ─┘
 *
 * Coins are tossed for the task's own words alone, within the project's settings, and for a key that may send (trial.ts).
 * Whoever else looks gets what a search finds: nothing is held back from him, and nothing is counted as given.
 */
import { decodeState } from "../../schema/state/encode.ts";
import { findFeature, findTask } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { TaskForecast } from "../../schema/wire/forecast.ts";
import type { LessonHit } from "../../schema/wire/lesson.ts";
import type { ContextDecision, ContextResponse } from "../../schema/wire/task-context.ts";
import { openDatabase } from "../account/database.ts";
import { readMeasuring } from "../account/measuring.ts";
import type { SearchAsk } from "../learning/query/book.ts";
import { decisionsFor } from "../learning/query/decisions.ts";
import { sopsFor } from "../learning/query/sops.ts";
import { NOTICE, paste } from "../learning/query/paste.ts";
import { SESSION_KIND, SESSION_SHARE } from "../learning/query/session.ts";
import { wantsMarkdown } from "./accept.ts";
import { openBook } from "./book.ts";
import type { HttpContext, ProjectAccess, ProjectHandler } from "./context.ts";
import { refusalFailure } from "./error.ts";
import type { LearningTools } from "./learning-tools.ts";
import { kParameter, questionParameter, tokensParameter } from "./lessons.ts";
import { parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";
import { drivesTrial, keyOf } from "./trial.ts";

const NOTHING_ASKED: Failure = {
  code: "invalid_parameter",
  message: "Say which task it is for (`task`), or what the work is about (`q`).",
};
const NO_TASK: Failure = {
  code: "not_found",
  message:
    "There is no such task in the live state. Send its task_created first, or say with `q` what it is about.",
};

export interface ContextAsk {
  task?: string | undefined;
  /** In the place of the task's own words. */
  q?: string | undefined;
  /** Of whoever asks; default: the role of the task's assignee. */
  role?: string | undefined;
  k?: number | undefined;
  tokens?: number | undefined;
  via: string;
}

export function createGetContext(tools: LearningTools): ProjectHandler {
  return async (c, access) => {
    // A key that may not ask is told so, whatever its question lacks (T4).
    const admitted = await access.room.admit(access.principal, "read");
    if (!admitted.ok) return refusalFailure(admitted);
    const query = parseQuery(c, {
      task: textParameter.optional(),
      q: questionParameter.optional(),
      role: textParameter.optional(),
      k: kParameter.optional(),
      tokens: tokensParameter.optional(),
    });
    if (!query.ok) return query.failure;
    const read = await readContext(tools, c, access, { ...query.value, via: "http" });
    if (!read.ok) return read.failure;
    if (!wantsMarkdown(c.req.header("accept"))) return Response.json(read.context);
    return new Response(read.context.text, { headers: { "content-type": "text/markdown; charset=utf-8" } });
  };
}

type ReadContext = { ok: true; context: ContextResponse } | { ok: false; failure: Failure };

export async function readContext(
  tools: LearningTools,
  c: HttpContext,
  access: ProjectAccess,
  { task: id, q, role, k, tokens, via }: ContextAsk,
): Promise<ReadContext> {
  if (id === undefined && q === undefined) return { ok: false, failure: NOTHING_ASKED };
  const opened = await openBook(c, access, "read", tools.teamOf);
  if (!opened.ok) return opened;
  const read = await readWireState(access);
  if (!("ok" in read)) return { ok: false, failure: read };
  const state = decodeState(read.state);
  const task = id === undefined ? undefined : findTask(state, id);
  if (id !== undefined && task === undefined) return { ok: false, failure: NO_TASK };
  const now_ms = Date.now();
  const { project_id: project } = access;
  const settings = await tools.readLearning(c.env.DB, project, now_ms);
  const text = q ?? taskText(state, task);
  const ask: SearchAsk = {
    ...{ project, text, weights: settings.weights, now_ms },
    k: k ?? settings.max_lessons,
    tokens: tokens ?? settings.max_tokens,
  };
  const withheld_share = task?.kind === SESSION_KIND ? SESSION_SHARE : settings.withheld_share;
  const feature = task?.feature_id ?? null;
  // What has ended can be helped no more: nothing is tossed for it, and nothing counted.
  const is_open = task !== undefined && task.closed_at === null;
  const trial = is_open ? await drivesTrial(access) : { ok: true as const, drives: false };
  if (!trial.ok) return trial;
  // Words and sizes of one's own choice choose which lessons are tried: that is a search.
  const is_own = q === undefined && ask.k <= settings.max_lessons && ask.tokens <= settings.max_tokens;
  const key = keyOf(access);
  const coin = { feature, via, key, withheld_share, only_new: false, until_ms: null };
  let lessons: LessonHit[] = [];
  try {
    const { book } = opened;
    if (is_open && trial.drives && is_own)
      lessons = (await book.deliver({ ...ask, ...coin, task: task.id })).hits;
    else {
      lessons = (await book.search(ask)).hits;
      if (is_open && trial.drives)
        await book.noteSearched({ project, task: task.id, feature, hits: lessons, via, key, now_ms });
    }
  } catch (error) {
    // What else there is to know is worth as much without them (B1).
    console.error("the book of lessons did not answer; a task begins without", error);
  }
  const decisions = decisionsFor(state, { text, task_id: task?.id ?? null, feature_id: feature });
  const assignee = task?.assignee ?? null;
  const sops = sopsFor(state, {
    role: role ?? (assignee === null ? null : (state.agents.get(assignee)?.role ?? null)),
    kind: task?.kind ?? null,
  });
  const { complexity } = await readMeasuring(openDatabase(c.env.DB), project);
  const forecast =
    task === undefined
      ? null
      : tools.outlooks.of(`${project} `, state, complexity).ofTask(state, task.id, now_ms);
  return {
    ok: true,
    context: {
      task:
        task === undefined
          ? null
          : { id: task.id, title: task.title, feature_id: feature, status: task.status },
      notice: NOTICE,
      ...{ lessons, decisions: decisions satisfies ContextDecision[], sops, forecast },
      // That nothing is known is in the JSON, and no help to an agent.
      text: paste({ lessons, decisions, sops, forecast: isKnown(forecast) ? forecast.words : null }),
    },
  };
}

function isKnown(forecast: TaskForecast | null): forecast is TaskForecast {
  return forecast?.measures.some(({ predicted }) => predicted !== null) === true;
}

/** What a task is about, in the words that the log has for it. */
function taskText(state: ProjectState, task: Task | undefined): string {
  if (task === undefined) return "";
  const feature = task.feature_id === null ? undefined : findFeature(state, task.feature_id);
  const { title, kind, files, failure_reason, blocked_reason } = task;
  return [title, feature?.title, kind, ...files.slice(0, MAX_FILES), failure_reason, blocked_reason]
    .filter((part) => typeof part === "string")
    .join("\n");
}
/** Their names tell what the work is about; of many, the first do. */
const MAX_FILES = 10;
