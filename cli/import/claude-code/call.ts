/**
 * Model calls. One answer of the model stands on several lines, one per block,
 * each with the usage as it was known by then: only the maximum over the lines
 * of one `message.id` is what the call used. Copies of a line in a resumed
 * session, or in a subagent's own file, change nothing about a maximum.
 */
import { count, object, text, type JsonObject } from "../json-field.ts";
import type { Call } from "../session/call.ts";

/** Anthropic counts cached input apart, as Clusterfork does: nothing to take off. */
const USAGE = [
  ["input_tokens", "input_tokens"],
  ["cache_read_input_tokens", "cache_read_tokens"],
  ["cache_creation_input_tokens", "cache_write_tokens"],
  ["output_tokens", "output_tokens"],
] as const;

/** The model's name on lines that Claude Code wrote itself. */
const SYNTHETIC = "<synthetic>";

export function readCall(raw: JsonObject): Call | null {
  const message = object(raw["message"]);
  const message_id = text(message["id"]);
  const model = text(message["model"]);
  const reported = object(message["usage"]);
  if (message_id === null || model === SYNTHETIC || Object.keys(reported).length === 0) return null;
  const usage: Record<string, number> = {};
  for (const [theirs, ours] of USAGE) {
    const tokens = count(reported[theirs]);
    if (tokens !== null) usage[ours] = tokens;
  }
  const thinking = count(object(reported["output_tokens_details"])["thinking_tokens"]);
  if (thinking !== null) usage["reasoning_tokens"] = thinking;
  // Early versions priced each call themselves.
  const cost = raw["costUSD"];
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) usage["cost_usd"] = cost;
  const stop_reason = text(message["stop_reason"]);
  return {
    message_id,
    request_id: text(raw["requestId"]),
    model,
    provider: null,
    stop_reason,
    complete: stop_reason !== null,
    usage,
  };
}
