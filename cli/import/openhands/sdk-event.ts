/** Events of the OpenHands SDK, told apart by `kind`. */
import { object, text, type JsonObject } from "../json-field.ts";
import { answered, interrupted, prompted, resulted, wordsOf } from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";

const SILENT = new Set([
  "CondensationRequest",
  "CondensationSummaryEvent",
  "ConversationStateUpdateEvent",
  "LLMCompletionLogEvent",
  "SystemPromptEvent",
  "TokenEvent",
]);

export function readSdkEvent(raw: JsonObject): Said[] | string {
  const kind = text(raw["kind"]) ?? "none";
  switch (kind) {
    case "MessageEvent": {
      if (raw["source"] !== "user") return [answered(null)];
      return [prompted(wordsOf(object(raw["llm_message"])["content"]))];
    }
    case "ActionEvent":
      return readAction(raw);
    case "ObservationEvent": {
      const observation = object(raw["observation"]);
      const exit = observation["exit_code"] ?? object(observation["metadata"])["exit_code"];
      const failed = observation["is_error"] === true || (typeof exit === "number" && exit !== 0);
      return result(raw, wordsOf(observation["content"] ?? observation["output"]), failed, false);
    }
    case "AgentErrorEvent":
      return result(raw, text(raw["error"]) ?? "", true, false);
    case "UserRejectObservation":
      return result(raw, text(raw["rejection_reason"]) ?? "", true, true);
    case "PauseEvent":
    case "InterruptEvent":
      return [interrupted];
    case "Condensation":
      return [{ kind: "compacted", action: "compacted", used_tokens: null, trigger: null }];
    case "ConversationErrorEvent":
      return [{ kind: "api error", error: { status: null, type: text(raw["code"]), attempt: null } }];
    default:
      return SILENT.has(kind) ? `nothing to tell in "${kind}"` : `type "${kind.slice(0, 40)}" is not known`;
  }
}

function readAction(raw: JsonObject): Said[] | string {
  const id = text(raw["tool_call_id"]);
  const name = text(raw["tool_name"]);
  if (id === null || name === null) return "an action that names no tool call";
  const action = object(raw["action"]);
  const input = Object.keys(action).length > 0 ? action : object(raw["tool_call"])["arguments"];
  const said: Said[] = [answered(null, [toolUse(id, name, input)])];
  // Its own result is that the turn is over.
  if (name === "finish") said.push({ kind: "turn ended" });
  return said;
}

function result(raw: JsonObject, output: string, failed: boolean, rejected: boolean): Said[] | string {
  const id = text(raw["tool_call_id"]);
  return id === null
    ? "a result that names no call"
    : [resulted(toolResult(id, output, failed, { rejected }))];
}
