/** One message of Gemini CLI as records of its session. */
import { count, object, objects, text, time, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "../session/call.ts";
import {
  answered,
  includingCache,
  interrupted,
  lineId,
  prompted,
  record,
  resulted,
  usedAnything,
  wordsOf,
} from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";
import type { Session } from "../session/session.ts";

export interface Chat {
  /** The id of this conversation, which is not its session's for a subagent. */
  own: string;
  sub: boolean;
  start_ms: number | null;
  model: string | null;
  cwd: string | null;
}

const ANSWERS = new Set(["gemini", "model", "assistant"]);
/** Seconds since the epoch below it, milliseconds above. */
const LATEST_SECONDS = 1e11;

export function tellMessage(
  { raw, at }: { raw: JsonObject; at: string },
  chat: Chat,
  session: Session,
  tally: Tally,
): void {
  const counted = raw["aside"] === true;
  const skip = (reason: string): void => {
    if (!counted) tally.skip(reason, at);
  };
  const type = text(raw["type"]) ?? text(raw["role"]) ?? "none";
  const ms = time(raw["timestamp"]) ?? clock(raw["ts"]);
  if (ms === null) return skip(`no readable timestamp in "${type.slice(0, 40)}"`);
  const id = text(raw["id"]);
  const uuid = id === null ? lineId(chat.own, JSON.stringify(raw)) : `${chat.own}/${id}`;
  const where = {
    cwd: chat.cwd,
    sidechain: chat.sub,
    agent: chat.sub ? chat.own.slice(-12) : null,
    agent_type: chat.sub ? "subagent" : null,
  };
  const said = readMessage(type, raw, ms, uuid, chat);
  if (typeof said === "string") return skip(said);
  for (const [index, [one, at_ms]] of said.entries())
    session.records.push(
      record(
        {
          ...where,
          at,
          ms: at_ms,
          uuid: index === 0 ? uuid : `${uuid}-${index}`,
          aside: counted || index > 0,
        },
        one,
      ),
    );
}

function clock(value: unknown): number | null {
  const number = count(value);
  return number === null ? null : number < LATEST_SECONDS ? number * 1000 : number;
}

function readMessage(
  type: string,
  raw: JsonObject,
  ms: number,
  uuid: string,
  chat: Chat,
): [Said, number][] | string {
  const content = raw["content"] ?? raw["parts"];
  if (type === "user") return [[prompted(wordsOf(content)), ms]];
  if (type === "info" && /^Request cancelled/.test(wordsOf(content))) return [[interrupted, ms]];
  if (type === "error")
    return [[{ kind: "api error", error: { status: null, type: null, attempt: null } }, ms]];
  if (type === "info" || type === "warning") return `nothing to tell in "${type}"`;
  if (!ANSWERS.has(type)) return `type "${type.slice(0, 40)}" is not known`;
  const tools = objects(raw["toolCalls"]);
  const uses = tools.flatMap((tool) => {
    const name = text(tool["name"]);
    return name === null ? [] : [toolUse(toolId(tool, uuid), name, tool["args"])];
  });
  const said: [Said, number][] = [[answered(readCall(raw, uuid, chat), uses), ms]];
  for (const tool of tools) {
    const status = text(tool["status"]);
    if (text(tool["name"]) === null || !["success", "error", "cancelled"].includes(status ?? "")) continue;
    const response = object(object(objects(tool["result"])[0]?.["functionResponse"])["response"]);
    const output = text(response["output"]) ?? text(response["error"]) ?? text(tool["resultDisplay"]) ?? "";
    const exit = /^Exit Code: (-?\d+)/m.exec(output.replaceAll("\\n", "\n"))?.[1];
    const failed = status !== "success" || (exit !== undefined && exit !== "0");
    const done_ms = time(tool["timestamp"]) ?? ms;
    const result = toolResult(toolId(tool, uuid), output, failed, { rejected: status === "cancelled" });
    said.push([resulted(result), Math.max(ms, done_ms)]);
  }
  return said;
}

/** Ids of tool calls are unique in a session only: `run_shell_command-1`. */
function toolId(tool: JsonObject, uuid: string): string {
  return `${uuid}/${text(tool["id"]) ?? text(tool["name"]) ?? "tool"}`;
}

function readCall(raw: JsonObject, uuid: string, chat: Chat): Call | null {
  const tokens = object(raw["tokens"]);
  const thoughts = count(tokens["thoughts"]) ?? 0;
  const usage = includingCache({
    input: tokens["input"],
    cache_read: tokens["cached"],
    output: count(tokens["output"]) === null ? null : (count(tokens["output"]) ?? 0) + thoughts,
    reasoning: thoughts > 0 ? thoughts : null,
  });
  const tool = count(tokens["tool"]) ?? 0;
  if (tool > 0) usage["input_tokens"] = (usage["input_tokens"] ?? 0) + tool;
  if (!usedAnything(usage)) return null;
  return {
    message_id: `gemini-${uuid}`,
    request_id: null,
    model: text(raw["model"]) ?? chat.model,
    provider: "google",
    stop_reason: null,
    complete: true,
    usage,
  };
}
