/** The conversation in a trajectory of mini-swe-agent. */
import { providerId } from "../../../schema/event/provider-id.ts";
import { count, object, objects, text, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "../session/call.ts";
import {
  answered,
  includingCache,
  modelOf,
  prompted,
  resulted,
  usedAnything,
  wordsOf,
} from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";

type Push = (said: Said, ms: number, key: string, at: string, aside: boolean) => void;

/** Returns the clock of the last message, ms. */
export function readMessages(
  messages: readonly JsonObject[],
  path: string,
  modified_ms: number,
  push: Push,
  tally: Tally,
): number {
  let ms = modified_ms - messages.length;
  let waiting: string[] = [];
  for (const [index, message] of messages.entries()) {
    const at = `${path}#${index + 1}`;
    const key = String(index + 1);
    const extra = object(message["extra"]);
    const clock = extra["timestamp"];
    tally.records += 1;
    // Where a message has no clock it stands after the one before.
    ms = typeof clock === "number" && Number.isFinite(clock) ? clock * 1000 : ms + 1;
    const words = wordsOf(message["content"]);
    switch (text(message["role"]) ?? text(message["type"]) ?? "none") {
      case "assistant": {
        const actions = actionsOf(message, words);
        const uses = actions.map((command, step) => toolUse(`step-${key}-${step}`, "bash", { command }));
        waiting = uses.map(({ id }) => id);
        push(answered(callOf(extra, key), uses), ms, key, at, false);
        break;
      }
      case "user":
      case "tool": {
        const code = extra["returncode"] ?? /<returncode>(-?\d+)<\/returncode>/.exec(words)?.[1];
        const id = waiting.shift();
        const failed = code !== undefined && code !== 0 && code !== "0";
        push(
          id === undefined ? prompted(words) : resulted(toolResult(id, words, failed)),
          ms,
          key,
          at,
          false,
        );
        break;
      }
      default:
        tally.skip(
          `nothing to tell in a message of role "${(text(message["role"]) ?? "none").slice(0, 40)}"`,
          at,
        );
    }
  }
  return ms;
}

const BLOCK = /```(?:bash|mswea_bash_command)\s*\n([\s\S]*?)\n```/;

function actionsOf(message: JsonObject, words: string): string[] {
  const actions = objects(object(message["extra"])["actions"]).map((action) => text(action["command"]) ?? "");
  if (actions.length > 0) return actions;
  const block = BLOCK.exec(words)?.[1];
  return block === undefined ? [] : [block];
}

function callOf(extra: JsonObject, key: string): Call | null {
  const response = object(extra["response"]);
  const usage = object(response["usage"]);
  const used = includingCache({
    input: usage["prompt_tokens"],
    cache_read: object(usage["prompt_tokens_details"])["cached_tokens"],
    cache_write: usage["cache_creation_input_tokens"],
    output: usage["completion_tokens"],
    reasoning: object(usage["completion_tokens_details"])["reasoning_tokens"],
  });
  const id = text(response["id"]);
  if (!usedAnything(used) || id === null) return null;
  const cost = extra["cost"];
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) used["cost_usd"] = cost;
  const finish = text(objects(response["choices"])[0]?.["finish_reason"]);
  const created = count(response["created"]);
  return {
    message_id: providerId(id) ?? `${id}-${key}-${created ?? 0}`,
    request_id: null,
    ...modelOf(text(response["model"])),
    stop_reason: finish,
    complete: true,
    usage: used,
  };
}
