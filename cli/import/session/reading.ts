/** What the readers of all formats share: files, places, usage and the names of tools. */
import { createHash } from "node:crypto";
import { count, object, objects, text, texts, type JsonObject } from "../json-field.ts";
import type { LineOutcome } from "../lines.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "./call.ts";
import {
  MAX_INPUT_CHARS,
  MAX_OUTPUT_CHARS,
  MAX_PROMPT_CHARS,
  type Place,
  type Said,
  type ToolAct,
  type ToolResult,
  type ToolUse,
  type TranscriptRecord,
} from "./record.ts";
import type { Session } from "./session.ts";

export interface SourceFile {
  path: string;
  /** When it was last written, ms: the only clock of formats that record none. */
  modified_ms: number;
}

/** How files are read; tests hand in texts. */
export interface Sources {
  lines: (path: string) => AsyncIterable<LineOutcome>;
  /** A file that is one JSON document. */
  whole: (path: string) => Promise<LineOutcome>;
}

/** Sessions in the order in which they began. Whatever is not read is counted with its reason. */
export type ReadSessions = (
  files: readonly SourceFile[],
  sources: Sources,
  tally: Tally,
) => Promise<Session[]>;

type Where = Pick<Place, "at" | "ms" | "uuid"> & Partial<Place>;

export function record(where: Where, said: Said): TranscriptRecord {
  return {
    parent: null,
    agent: null,
    agent_type: null,
    spawned_by: null,
    sidechain: false,
    branch: null,
    cwd: null,
    version: null,
    ...where,
    said,
  };
}

export function emptySession(tool: string, id: string): Session {
  return { tool, id, records: [], titles: [], agent_types: new Map() };
}

/** Of a line without an id: its content, so that a copy of the file counts once. */
export function lineId(session: string, line: string): string {
  return createHash("sha256").update(`${session}\n${line}`).digest("hex").slice(0, 32);
}

/** Ids of tool calls that are shorter than this are not made to be unique beyond their session: `call_1`. */
const MIN_UNIQUE_CHARS = 16;

/** By their first clock, and by name where that is the same; ids of tool calls told apart. */
export function inOrder(sessions: Iterable<Session>): Session[] {
  const first = (session: Session): number =>
    session.records.reduce((least, { ms }) => Math.min(least, ms), Infinity);
  return [...sessions]
    .map((session) => ({ session: qualified(session), ms: first(session) }))
    .sort((a, b) => a.ms - b.ms || (a.session.id < b.session.id ? -1 : 1))
    .map(({ session }) => session);
}

function qualified(session: Session): Session {
  for (const { said } of session.records) {
    const named = said.kind === "assistant" ? said.uses : said.kind === "user" ? said.results : [];
    for (const one of named) if (one.id.length < MIN_UNIQUE_CHARS) one.id = `${session.id}/${one.id}`;
  }
  return session;
}

export const prompted = (words: string | null): Said => ({
  kind: "user",
  prompt: words === null ? null : words.slice(0, MAX_PROMPT_CHARS),
  results: [],
  interrupted: false,
  slug: null,
});
export const resulted = (...results: ToolResult[]): Said => ({
  kind: "user",
  prompt: null,
  results,
  interrupted: false,
  slug: null,
});
export const interrupted: Said = { kind: "user", prompt: null, results: [], interrupted: true, slug: null };
export const answered = (call: Call | null, uses: ToolUse[] = []): Said => ({
  kind: "assistant",
  call,
  uses,
  error: null,
  slug: null,
});

/** Texts of a message, which is one text or a list of parts. */
export function wordsOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content)
    .map((part) => text(part["text"]) ?? "")
    .filter((part) => part !== "")
    .join("\n");
}

/** Five kinds of tokens, each once: input that includes its cached part is cut down to the rest. */
export function includingCache(tokens: {
  input: unknown;
  cache_read?: unknown;
  cache_write?: unknown;
  output: unknown;
  reasoning?: unknown;
}): Record<string, number> {
  const read = count(tokens.cache_read);
  const write = count(tokens.cache_write);
  const input = count(tokens.input);
  return given({
    input_tokens: input === null ? null : Math.max(0, input - (read ?? 0) - (write ?? 0)),
    cache_read_tokens: read,
    cache_write_tokens: write,
    output_tokens: count(tokens.output),
    reasoning_tokens: count(tokens.reasoning),
  });
}

export function given(numbers: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

/** A call of nothing (aborted before it began) is none. */
export function usedAnything(usage: Record<string, number>): boolean {
  return Object.values(usage).some((amount) => amount > 0);
}

/** What tools do, by the names that the senders give them, in lower case. */
const ACTS: ReadonlyMap<string, ToolAct> = new Map([
  ...[
    "bash",
    "container.exec",
    "exec_command",
    "execute_bash",
    "local_shell",
    "run",
    "run_shell_command",
  ].map((name) => [name, "shell"] as const),
  ...["shell", "shell_command", "terminal"].map((name) => [name, "shell"] as const),
  ...["apply_patch", "create", "edit", "file_editor", "multiedit", "patch", "replace"].map(
    (name) => [name, "write"] as const,
  ),
  ...["str_replace_editor", "write", "write_file"].map((name) => [name, "write"] as const),
  ...["task_tracker", "todowrite", "update_plan", "write_todos"].map((name) => [name, "todos"] as const),
  ...["ask_user", "ask_user_question", "question", "request_user_input"].map(
    (name) => [name, "ask"] as const,
  ),
]);

const PATH_FIELDS = ["file_path", "filePath", "path", "absolute_path", "notebook_path", "filename"];
/** Lines of a patch in Codex's own notation that name a file. */
const PATCHED = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm;

/** A tool's call, cut down to what an event may be made of. */
export function toolUse(id: string, name: string, input: unknown, server: string | null = null): ToolUse {
  const args = typeof input === "string" ? parseArguments(input) : object(input);
  const command = commandOf(args);
  const patch = typeof input === "string" ? input : (text(args["input"]) ?? text(args["patch"]) ?? command);
  const patched = [...(patch ?? "").matchAll(PATCHED)].map((match) => (match[1] ?? "").trim());
  const act = ACTS.get(name.toLowerCase()) ?? "other";
  const paths = PATH_FIELDS.flatMap((field) => text(args[field]) ?? []).slice(0, 1);
  return {
    id,
    name: name.slice(0, 200),
    act:
      act === "write" && args["command"] === "view"
        ? "other"
        : act === "shell" && patched.length > 0
          ? "write"
          : act,
    paths: patched.length > 0 ? patched : paths,
    input: {
      ...(command === null ? {} : { command: command.slice(0, MAX_INPUT_CHARS) }),
      ...(act === "todos" ? { todos: todosIn(args) } : {}),
      ...(server === null ? {} : { server }),
    },
  };
}

function parseArguments(words: string): JsonObject {
  try {
    return object(JSON.parse(words));
  } catch {
    // A patch, or arguments that the model did not finish.
    return {};
  }
}

/** `["bash", "-lc", "go test"]` and `"go test"` are one. */
function commandOf(args: JsonObject): string | null {
  const command = args["command"] ?? args["cmd"];
  if (!Array.isArray(command)) return text(command);
  const words = texts(command);
  return /^(?:.*\/)?(?:ba|z)?sh$/.test(words[0] ?? "") && words.length === 3
    ? (words[2] ?? null)
    : words.join(" ");
}

const TODO_STATUS: Readonly<Record<string, string>> = { done: "completed", todo: "pending" };

function todosIn(args: JsonObject): JsonObject[] {
  return objects(args["todos"] ?? args["plan"] ?? args["task_list"]).map((entry) => {
    const status = text(entry["status"]) ?? "pending";
    return {
      content:
        text(entry["content"]) ?? text(entry["step"]) ?? text(entry["description"]) ?? text(entry["title"]),
      status: TODO_STATUS[status] ?? status,
    };
  });
}

export function toolResult(
  id: string,
  output: string,
  failed: boolean,
  more: { duration_ms?: number | null; rejected?: boolean } = {},
): ToolResult {
  const { duration_ms = null, rejected = false } = more;
  return {
    id,
    failed,
    rejected,
    output: output.slice(-MAX_OUTPUT_CHARS),
    details: {},
    ...(duration_ms === null || duration_ms < 0 ? {} : { duration_ms: Math.round(duration_ms) }),
  };
}
