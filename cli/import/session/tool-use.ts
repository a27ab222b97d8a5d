/** Tools by the names and arguments that the senders give them, as what follows from a call needs them. */
import { object, objects, text, texts, type JsonObject } from "../json-field.ts";
import { MAX_INPUT_CHARS, MAX_OUTPUT_CHARS, type ToolAct, type ToolResult, type ToolUse } from "./record.ts";

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
