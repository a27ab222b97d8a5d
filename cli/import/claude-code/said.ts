/**
 * What a line says: a prompt, an answer with its tools, a result, an error.
 *
 * Texts of prompts, answers and files end here. What is kept: the beginning of
 * a prompt (a title may be made of it), the output of a shell command until
 * its tests were read, and a few fields of a tool's input.
 */
import { cut, object, objects, text, type JsonObject } from "../json-field.ts";
import {
  MAX_INPUT_CHARS,
  MAX_OUTPUT_CHARS,
  MAX_PROMPT_CHARS,
  type ApiError,
  type Said,
  type ToolAct,
  type ToolResult,
  type ToolUse,
} from "../session/record.ts";
import { readCall } from "./call.ts";

export function readSaid(type: string, raw: JsonObject): Said | string {
  switch (type) {
    case "user":
      return readUser(raw);
    case "assistant":
      return readAssistant(raw);
    case "system":
      return readSystem(raw);
    case "tool_use":
      return readLoneUse(raw);
    case "tool_result":
      return readLoneResult(raw);
    case "pr-link": {
      const number = raw["prNumber"];
      if (typeof number !== "number") return "a pull request without a number";
      return { kind: "pull request", number, url: text(raw["prUrl"]), repository: text(raw["prRepository"]) };
    }
    default:
      return `type "${cut(type, 40)}" is not known`;
  }
}

const INTERRUPTED = /^\[Request interrupted by user/;
const REJECTED = /^The user doesn't want to (proceed with this tool use|take this action)/;

function readUser(raw: JsonObject): Said {
  const content = object(raw["message"])["content"];
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : objects(content);
  const words = blocks
    .filter((block) => block["type"] === "text")
    .map((block) => text(block["text"]) ?? "")
    .filter((part) => part !== "");
  const interrupted = words.some((part) => INTERRUPTED.test(part));
  const spoken = raw["isMeta"] !== true && raw["isCompactSummary"] !== true && !interrupted;
  const details = object(raw["toolUseResult"]);
  const results = blocks.flatMap((block): ToolResult[] => {
    const id = text(block["tool_use_id"]);
    if (block["type"] !== "tool_result" || id === null) return [];
    const output = outputOf(block["content"]);
    return [
      {
        id,
        output,
        details,
        failed: block["is_error"] === true,
        rejected: raw["toolDenialKind"] === "user-rejected" || REJECTED.test(output),
      },
    ];
  });
  return {
    kind: "user",
    prompt: spoken && words.length > 0 ? words.join("\n").slice(0, MAX_PROMPT_CHARS) : null,
    results,
    interrupted,
    slug: text(raw["slug"]),
  };
}

function outputOf(content: unknown): string {
  const whole =
    typeof content === "string"
      ? content
      : objects(content)
          .map((block) => text(block["text"]) ?? "")
          .join("\n");
  return whole.slice(-MAX_OUTPUT_CHARS);
}

/** Early versions wrote tools on lines of their own, named by the tool: the call is the line. */
function readLoneUse(raw: JsonObject): Said | string {
  const id = text(raw["id"]) ?? text(raw["uuid"]);
  const name = text(raw["name"]);
  if (id === null || name === null) return "a tool without a name";
  const input = keptInput(object(raw["input"]));
  const act = ACTS.get(name) ?? (name === "bash" ? "shell" : "other");
  const session = text(raw["sessionId"]) ?? "";
  const use = { id: `${session}/${id}`, name: cut(name, 200), act, paths: pathsIn(input), input };
  return { kind: "assistant", call: null, uses: [use], error: null, slug: null };
}

function readLoneResult(raw: JsonObject): Said | string {
  const id = text(raw["tool_use_id"]);
  // It names the tool, not the call: what came of it is not known.
  if (id === null) return "a result that names no call";
  const result = {
    id,
    output: outputOf(raw["output"]),
    details: {},
    failed: raw["is_error"] === true,
    rejected: false,
  };
  return { kind: "user", prompt: null, results: [result], interrupted: false, slug: null };
}

const ACTS: ReadonlyMap<string, ToolAct> = new Map([
  ["AskUserQuestion", "ask"],
  ["Bash", "shell"],
  ["Edit", "write"],
  ["MultiEdit", "write"],
  ["NotebookEdit", "write"],
  ["TaskCreate", "task-create"],
  ["TaskUpdate", "task-update"],
  ["TodoWrite", "todos"],
  ["Write", "write"],
]);

function pathsIn(input: JsonObject): string[] {
  const path = text(input["file_path"]) ?? text(input["notebook_path"]) ?? text(input["path"]);
  return path === null ? [] : [path];
}

function readAssistant(raw: JsonObject): Said {
  const message = object(raw["message"]);
  const error: ApiError | null =
    raw["isApiErrorMessage"] === true
      ? { status: numberOrNull(raw["apiErrorStatus"]), type: text(raw["error"]), attempt: null }
      : null;
  const uses = objects(message["content"]).flatMap((block): ToolUse[] => {
    const id = text(block["id"]);
    const name = text(block["name"]);
    if (block["type"] !== "tool_use" || id === null || name === null) return [];
    const input = keptInput(object(block["input"]));
    return [{ id, name: cut(name, 200), act: ACTS.get(name) ?? "other", paths: pathsIn(input), input }];
  });
  return {
    kind: "assistant",
    call: error === null ? readCall(raw) : null,
    uses,
    error,
    slug: text(raw["slug"]),
  };
}

function readSystem(raw: JsonObject): Said | string {
  const subtype = text(raw["subtype"]) ?? "none";
  switch (subtype) {
    case "compact_boundary":
    case "microcompact_boundary": {
      const details = object(raw["compactMetadata"] ?? raw["microcompactMetadata"]);
      return {
        kind: "compacted",
        action: subtype === "compact_boundary" ? "compacted" : "microcompacted",
        used_tokens: numberOrNull(details["preTokens"]),
        trigger: text(details["trigger"]),
      };
    }
    case "turn_duration":
      return { kind: "turn ended" };
    case "api_error":
    case "error": {
      const error = object(raw["error"]);
      return {
        kind: "api error",
        error: {
          status: numberOrNull(error["status"]),
          type: text(error["type"]),
          attempt: numberOrNull(raw["retryAttempt"]),
        },
      };
    }
    case "api_refusal":
      return { kind: "api error", error: { status: null, type: "refusal", attempt: null } };
    case "local_command":
    case "session_start":
    case "stop_hook_summary":
    case "informational":
    case "model_refusal_fallback":
    case "away_summary":
      return `nothing to tell in "system/${subtype}"`;
    default:
      return `type "system/${cut(subtype, 40)}" is not known`;
  }
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Fields of tool inputs that are read later; contents of files are none of them. */
const KEPT_INPUT = [
  "addBlockedBy",
  "addBlocks",
  "command",
  "file_path",
  "notebook_path",
  "owner",
  "path",
  "prompt",
  "status",
  "subagent_type",
  "subject",
  "taskId",
  "todos",
] as const;

function keptInput(input: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const key of KEPT_INPUT) {
    const value = input[key];
    if (typeof value === "string") kept[key] = value.slice(0, MAX_INPUT_CHARS);
    else if (value !== undefined) kept[key] = value;
  }
  return kept;
}
