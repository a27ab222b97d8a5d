/** Tools in a rollout: how they were called, what came back, and what Codex noted of their end. */
import { isObject, object, parseObject, text, type JsonObject } from "../json-field.ts";
import { wordsOf } from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { ToolResult, ToolUse } from "../session/record.ts";

/** What an `…_end` event adds to a call. */
export interface ToolEnd {
  name: string;
  input: JsonObject;
  failed: boolean;
  duration_ms: number | null;
  server: string | null;
  paths: string[];
  output: string;
}

export function readUse(payload: JsonObject, fallback_id: string): ToolUse | null {
  const type = text(payload["type"]) ?? "";
  const id = text(payload["call_id"]) ?? text(payload["id"]) ?? fallback_id;
  switch (type) {
    case "function_call":
    case "custom_tool_call":
    case "tool_call": {
      const name = text(payload["name"]) ?? text(object(payload["function"])["name"]);
      const server = text(payload["namespace"])?.replace(/^mcp__/, "") ?? null;
      return name === null ? null : toolUse(id, name, payload["arguments"] ?? payload["input"], server);
    }
    case "local_shell_call":
      return toolUse(id, "local_shell", payload["action"]);
    case "web_search_call":
    case "tool_search_call":
    case "image_generation_call":
      return toolUse(id, type.replace(/_call$/, ""), {});
    default:
      return null;
  }
}

const EXITED = /^(?:Exit code:|Process exited with code) (-?\d+)/m;
const WALL = /^Wall time: ([\d.]+) seconds/m;
const REFUSED = /rejected by (?:the )?user/;
/** Characters of an output in which Codex itself speaks; what follows is the command's. */
const OWN_WORDS_CHARS = 400;

export function readResult(id: string, payload: JsonObject, end: ToolEnd | undefined): ToolResult {
  const output = payload["output"] ?? payload["result"] ?? "";
  const said = typeof output === "string" ? output : "";
  const structured = isObject(output) ? output : parsed(said);
  const metadata = object(structured["metadata"]);
  const words =
    text(structured["output"]) ??
    text(structured["stdout"]) ??
    (said === "" ? wordsOf(Array.isArray(output) ? output : (structured["content"] ?? [structured])) : said);
  const exit = number(metadata["exit_code"]) ?? number(structured["exitCode"]) ?? exitIn(words);
  const seconds = number(metadata["duration_seconds"]) ?? number(Number(WALL.exec(head(words))?.[1] ?? NaN));
  const failed = exit === null ? structured["success"] === false || end?.failed === true : exit !== 0;
  return toolResult(id, words, failed, {
    duration_ms: end?.duration_ms ?? (seconds === null ? null : seconds * 1000),
    rejected: REFUSED.test(head(words)),
  });
}

const head = (words: string): string => words.slice(0, OWN_WORDS_CHARS);

function parsed(said: string): JsonObject {
  const value = said.startsWith("{") ? parseObject(said) : "";
  return typeof value === "string" ? {} : value;
}

function exitIn(words: string): number | null {
  const code = EXITED.exec(head(words))?.[1];
  return code === undefined ? null : Number(code);
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** `null` where it is no end of a tool. */
export function readEnd(payload: JsonObject): { id: string; end: ToolEnd } | null {
  const id = text(payload["call_id"]) ?? text(payload["callId"]);
  if (id === null) return null;
  const duration_ms = durationOf(payload["duration"]);
  const end: ToolEnd = {
    name: "",
    input: {},
    failed: false,
    duration_ms,
    server: null,
    paths: [],
    output: "",
  };
  switch (text(payload["type"]) ?? "") {
    case "exec_command_end":
      end.name = "shell";
      end.input = { command: payload["command"] };
      end.failed = payload["exit_code"] !== 0;
      end.output = text(payload["aggregated_output"]) ?? "";
      break;
    case "mcp_tool_call_end": {
      const invocation = object(payload["invocation"]);
      const result = object(payload["result"]);
      end.name = text(invocation["tool"]) ?? "mcp";
      end.server = text(invocation["server"]);
      end.failed = !("Ok" in result) || object(result["Ok"])["isError"] === true;
      break;
    }
    case "patch_apply_end":
      end.name = "apply_patch";
      end.failed = payload["success"] === false;
      end.paths = Object.keys(object(payload["changes"]));
      break;
    case "dynamic_tool_call_response":
      end.name = text(payload["tool"]) ?? "dynamic";
      end.failed = payload["success"] === false;
      break;
    case "web_search_end":
      end.name = "web_search";
      break;
    case "image_generation_end":
      end.name = "image_generation";
      break;
    case "collab_agent_spawn_end":
      end.name = "spawn_agent";
      break;
    default:
      return null;
  }
  return { id, end };
}

function durationOf(duration: unknown): number | null {
  if (!isObject(duration)) return null;
  const secs = number(duration["secs"]);
  return secs === null ? null : secs * 1000 + (number(duration["nanos"]) ?? 0) / 1e6;
}
