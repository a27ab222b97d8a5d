/** What an agent should know before a task, asked of the server. Nothing here throws: without an answer the work begins without. */
import { request } from "../client/transport.ts";
import type { ContextResponse } from "../../schema/wire/task-context.ts";
import type { Target } from "./target.ts";

/** How long a task may wait for it, ms. */
const CONTEXT_TIMEOUT_MS = 3_000;

export interface ContextOptions {
  /** What the work is about, in place of the task's own words: a search, from which nothing is held back. */
  query?: string;
  /** Lessons at most. */
  k?: number;
  /** Their length together at most, in tokens. */
  tokens?: number;
  /** Waits at most so long; default 3,000. */
  timeout_ms?: number;
}

export interface TaskContext {
  /** Markdown to paste before the task: quoted data, never instructions. Empty where nothing is known. */
  text: string;
  /** To say afterwards, as `lesson_rated` or `lesson_applied`, whether they helped. */
  lessons: { id: string; headline: string }[];
}

const NOTHING: TaskContext = { text: "", lessons: [] };

/** `task`: an id that the log knows; null: `query` alone. */
export async function readContext(
  target: Target,
  task: string | null,
  { query, k, tokens, timeout_ms = CONTEXT_TIMEOUT_MS }: ContextOptions,
  tell: (message: string) => void,
): Promise<TaskContext> {
  const asked = new URLSearchParams();
  if (task !== null) asked.set("task", task);
  if (query !== undefined) asked.set("q", query);
  if (k !== undefined) asked.set("k", String(k));
  if (tokens !== undefined) asked.set("tokens", String(tokens));
  try {
    const path = `/v1/context?${asked.toString()}`;
    const reply = await request(
      target,
      path,
      { signal: AbortSignal.timeout(timeout_ms) },
      {
        fetch: target.fetch,
        maxTries: 1,
      },
    );
    const { text, lessons } = (await reply.json()) as ContextResponse;
    return { text, lessons: lessons.map(({ lesson: { id, headline } }) => ({ id, headline })) };
  } catch (error) {
    tell(
      `What is known of the task could not be asked: ${error instanceof Error ? error.message : String(error)}`,
    );
    return NOTHING;
  }
}
