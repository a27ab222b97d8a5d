/**
 * What the team learned, for a node before it begins.
 *
 *   node starts ─▶ its task is told (handler) ─▶ flush ─▶ GET /v1/context ─▶ node(state, config, context)
 *
 * Nothing here fails a graph: without an answer in time the node begins without.
 */
import type { ContextOptions, TaskContext } from "../context.ts";
import { fieldsOf, listOf, textOf } from "./foreign.ts";
import { warnOnce } from "./option.ts";
import { ref } from "./opening.ts";

/** What is asked: `Clusterfork`. Its key needs the scopes `ingest` and `read`. */
export interface ContextSource {
  flush(timeout_ms?: number): Promise<unknown>;
  context(task: string | null, options?: ContextOptions): Promise<TaskContext>;
}

/** ms a node waits at most: half for its task to be known, half for the answer. */
const WAIT_MS = 3_000;

export interface WithContextOptions<State> extends Omit<ContextOptions, "query"> {
  /** What the work is about, out of the graph's state: it is sent to be searched with. Default: the words of the task. */
  query?: (state: State) => string | null;
  /** The task it is for; default the one that the handler tells of this node. Null: `query` alone. */
  task?: (state: State, config: unknown) => string | null;
  /** Told what failed. Default: one warning on the console. */
  onError?: (error: unknown) => void;
}

const NOTHING: TaskContext = { text: "", lessons: [] };

/** The node with what is known of its work as a third argument: `context.text` is to be put into its prompt. */
export function withContext<State, Result, Config = unknown>(
  client: ContextSource,
  node: (state: State, config: Config, context: TaskContext) => Result | Promise<Result>,
  options: WithContextOptions<State> = {},
): (state: State, config: Config) => Promise<Result> {
  const onError = options.onError ?? warnOnce();
  return async (state, config) => {
    let context = NOTHING;
    try {
      context = await ask(client, state, config, options);
    } catch (error) {
      try {
        onError(error);
      } catch {
        // The caller's own callback failed: its trouble must not become the graph's.
      }
    }
    return node(state, config, context);
  };
}

async function ask<State>(
  client: ContextSource,
  state: State,
  config: unknown,
  { query, task, timeout_ms = WAIT_MS, k, tokens }: WithContextOptions<State>,
): Promise<TaskContext> {
  const about = task === undefined ? taskOf(config) : task(state, config);
  const words = query?.(state) ?? null;
  if (about === null && words === null) return NOTHING;
  // A task that waits in the sender is not known where it is asked about.
  if (about !== null) await client.flush(timeout_ms / 2);
  return client.context(about, {
    timeout_ms: timeout_ms / 2,
    ...(words === null ? {} : { query: words }),
    ...(k === undefined ? {} : { k }),
    ...(tokens === undefined ? {} : { tokens }),
  });
}

/** As the handler names it: LangGraph's own id of one node at one step. */
function taskOf(config: unknown): string | null {
  const { metadata, configurable } = fieldsOf(config);
  const namespace =
    textOf(fieldsOf(metadata)["langgraph_checkpoint_ns"]) ?? textOf(fieldsOf(configurable)["checkpoint_ns"]);
  const task = namespace?.split("|").at(-1);
  return task === undefined ? null : ref(task);
}

export interface ContextMessage {
  role: "user";
  content: string;
}

/**
 * The messages with what is known before them, behind those of the system: as a user's message, since it is data and
 * must not speak with the system's voice. The same messages where nothing is known.
 */
export function contextMessages<Message>(
  { text }: Pick<TaskContext, "text">,
  messages: readonly Message[],
): (Message | ContextMessage)[] {
  if (text === "") return [...messages];
  const first = messages.findIndex((message) => !isSystem(message));
  const at = first === -1 ? messages.length : first;
  return [...messages.slice(0, at), { role: "user", content: text }, ...messages.slice(at)];
}

/** A message of LangChain's classes, or in one of the short forms that it takes. */
function isSystem(message: unknown): boolean {
  const { type, role } = fieldsOf(message);
  return [type, role, listOf(message)[0]].includes("system");
}
