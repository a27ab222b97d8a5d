/**
 * One line of a transcript, cut down to what an event may be made of. The
 * format is Claude Code's own and changes between versions: every field may be
 * missing, and a type that is not known is counted, never guessed at.
 *
 * Texts of prompts, answers and files end here. What is kept: the beginning of
 * a prompt (a title may be made of it), the output of a shell command until
 * its tests were read, and a few fields of a tool's input.
 */
import { cut, isObject, object, objects, text, time, type JsonObject } from "../json-field.ts";
import { readCall, type Call } from "./call.ts";

/** Characters of a prompt that are looked at for a title. */
const MAX_PROMPT_CHARS = 4_000;
/** Characters of a command's output that are searched for test results; Claude Code itself cuts at 30,000. */
const MAX_OUTPUT_CHARS = 100_000;
/** Characters of one field of a tool's input. */
const MAX_INPUT_CHARS = 4_000;

export interface ToolUse {
  id: string;
  name: string;
  input: JsonObject;
}

export interface ToolResult {
  id: string;
  failed: boolean;
  output: string;
  /** `toolUseResult`, where it is an object. */
  details: JsonObject;
  rejected: boolean;
}

/** What all lines say of where and when. */
export interface Place {
  at: string;
  ms: number;
  uuid: string | null;
  parent: string | null;
  /** Set on lines of a subagent. */
  agent: string | null;
  /** Role of the subagent, where the line says so. */
  agent_type: string | null;
  /** The tool call that a subagent's line belongs to. */
  spawned_by: string | null;
  sidechain: boolean;
  branch: string | null;
  cwd: string | null;
  version: string | null;
}

export type Said =
  | { kind: "user"; prompt: string | null; results: ToolResult[]; interrupted: boolean; slug: string | null }
  | { kind: "assistant"; call: Call | null; uses: ToolUse[]; error: ApiError | null; slug: string | null }
  | { kind: "compacted"; action: string; used_tokens: number | null; trigger: string | null }
  | { kind: "api error"; error: ApiError }
  | { kind: "turn ended" }
  | { kind: "pull request"; number: number; url: string | null; repository: string | null };

export interface ApiError {
  status: number | null;
  type: string | null;
  attempt: number | null;
}

export type TranscriptRecord = Place & { said: Said };

/** A title that was given to the session, or to the work that ends at a line of it. */
export interface GivenTitle {
  source: "custom" | "ai" | "summary";
  title: string;
  leaf: string | null;
}

export type ReadLine = { record: TranscriptRecord } | { title: GivenTitle } | { skipped: string };

const TITLES: Readonly<Record<string, [GivenTitle["source"], string]>> = {
  "custom-title": ["custom", "customTitle"],
  "ai-title": ["ai", "aiTitle"],
  summary: ["summary", "summary"],
};

/** Types that hold nothing for an event: the editor's and the terminal's own book-keeping. */
const SILENT = new Set([
  "agent-name",
  "attachment",
  "atis-latch",
  "bridge-session",
  "file-history-snapshot",
  "frame-link",
  "last-prompt",
  "mode",
  "permission-mode",
  "queue-operation",
  "relocated",
  "result",
  "started",
  "tag",
  "worktree-state",
]);

export function readRecord(raw: JsonObject, at: string): ReadLine {
  const type = text(raw["type"]);
  if (type === null) return { skipped: "no type: not a line of a transcript" };
  const title = TITLES[type];
  if (title !== undefined && Object.hasOwn(TITLES, type)) {
    const [source, field] = title;
    const given = text(raw[field]);
    if (given === null) return { skipped: `no title in "${type}"` };
    return { title: { source, title: cut(given, MAX_PROMPT_CHARS), leaf: text(raw["leafUuid"]) } };
  }
  if (SILENT.has(type)) return { skipped: `nothing to tell in "${type}"` };
  if (type === "progress") return readProgress(raw, at);
  const said = readSaid(type, raw);
  if (typeof said === "string") return { skipped: said };
  const place = readPlace(raw, at);
  if (place === null) return { skipped: `no readable timestamp in "${cut(type, 40)}"` };
  return { record: { ...place, said } };
}

function readPlace(raw: JsonObject, at: string): Place | null {
  const ms = time(raw["timestamp"]);
  if (ms === null) return null;
  return {
    at,
    ms,
    uuid: text(raw["uuid"]),
    parent: text(raw["parentUuid"]),
    agent: text(raw["agentId"]),
    agent_type: text(raw["attributionAgent"]),
    spawned_by: null,
    sidechain: raw["isSidechain"] === true,
    branch: text(raw["gitBranch"]),
    cwd: text(raw["cwd"]),
    version: text(raw["version"]),
  };
}

/** A subagent's line may stand inside its parent's transcript, wrapped as progress. */
function readProgress(raw: JsonObject, at: string): ReadLine {
  const data = object(raw["data"]);
  const inner = data["message"];
  if (data["type"] !== "agent_progress" || !isObject(inner))
    return { skipped: 'nothing to tell in "progress"' };
  const agent = text(data["agentId"]);
  const read = readRecord(
    { ...raw, parentUuid: null, ...inner, isSidechain: true, agentId: agent, toolUseResult: undefined },
    at,
  );
  if ("record" in read) read.record.spawned_by = text(raw["parentToolUseID"]);
  return read;
}

function readSaid(type: string, raw: JsonObject): Said | string {
  switch (type) {
    case "user":
      return readUser(raw);
    case "assistant":
      return readAssistant(raw);
    case "system":
      return readSystem(raw);
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
    return [{ id, name: cut(name, 200), input: keptInput(object(block["input"])) }];
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
