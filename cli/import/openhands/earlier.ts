/** Events of OpenHands before 1.0: an `action`, or the `observation` that answers it. */
import { providerId } from "../../../schema/event/provider-id.ts";
import { object, text, type JsonObject } from "../json-field.ts";
import type { Call } from "../session/call.ts";
import { answered, interrupted, prompted, resulted, usedAnything } from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";
import { amountsOf, makeCall } from "./stats.ts";

/** Actions of the agent that are no tools. */
const NO_TOOLS = new Set(["change_agent_state", "finish", "message", "recall", "system", "think"]);
const ENDED = new Set(["awaiting_user_input", "finished"]);
const COUNTED = [
  "prompt_tokens",
  "completion_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
];

export class Earlier {
  readonly #session: string;
  /** Action → its tool call. */
  readonly #calls = new Map<string, string>();
  #sums: Record<string, number> = {};
  #cost = 0;

  constructor(session: string) {
    this.#session = session;
  }

  read(raw: JsonObject, id: string): Said[] | string {
    const said = this.#said(raw, id);
    const call = this.#call(raw, id);
    if (call === null) return said;
    return [...(typeof said === "string" ? [] : said), { kind: "usage", call }];
  }

  #said(raw: JsonObject, id: string): Said[] | string {
    const action = text(raw["action"]);
    const args = object(raw["args"]);
    if (action === null) return this.#observation(raw);
    if (action === "message")
      return raw["source"] === "user"
        ? [prompted(text(args["content"]) ?? text(raw["message"]))]
        : [answered(null)];
    if (action === "finish") return [answered(null), { kind: "turn ended" }];
    if (action === "change_agent_state" && args["agent_state"] === "stopped") return [interrupted];
    if (action === "condensation")
      return [{ kind: "compacted", action: "compacted", used_tokens: null, trigger: null }];
    if (NO_TOOLS.has(action)) return `nothing to tell in "${action}"`;
    const metadata = object(raw["tool_call_metadata"]);
    const call = text(metadata["tool_call_id"]) ?? `openhands-${this.#session}-${id}`;
    this.#calls.set(id, call);
    return [answered(null, [toolUse(call, action, args)])];
  }

  #observation(raw: JsonObject): Said[] | string {
    const name = text(raw["observation"]) ?? "none";
    const extras = object(raw["extras"]);
    if (name === "agent_state_changed") {
      const state = text(extras["agent_state"]) ?? "";
      if (state === "error")
        return [{ kind: "api error", error: { status: null, type: "agent_state_error", attempt: null } }];
      return ENDED.has(state) ? [{ kind: "turn ended" }] : 'nothing to tell in "agent_state_changed"';
    }
    const { cause } = raw;
    const call =
      typeof cause === "number" || typeof cause === "string" ? this.#calls.get(String(cause)) : undefined;
    if (call === undefined) return `nothing to tell in "${name.slice(0, 40)}" of no tool`;
    const exit = extras["exit_code"] ?? object(extras["metadata"])["exit_code"];
    const failed = name === "error" || (typeof exit === "number" && exit !== 0);
    const rejected = name === "user_rejected";
    return [resulted(toolResult(call, text(raw["content"]) ?? "", failed || rejected, { rejected }))];
  }

  #call(raw: JsonObject, id: string): Call | null {
    const response = object(object(raw["tool_call_metadata"])["model_response"]);
    const metrics = object(raw["llm_metrics"]);
    const sums = object(metrics["accumulated_token_usage"]);
    const given = text(response["id"]);
    // Several tools of one answer come with the same response.
    const own = providerId(given) ?? `openhands-${this.#session}-${given ?? id}-call`;
    const model = text(response["model"]) ?? text(sums["model"]);
    if (Object.keys(sums).length === 0) {
      const usage = object(response["usage"]);
      const cached = object(usage["prompt_tokens_details"])["cached_tokens"];
      const used = amountsOf({ ...usage, cache_read_tokens: cached });
      return usedAnything(used) ? makeCall(own, model, used, null, null) : null;
    }
    const moved: Record<string, number> = {};
    for (const name of COUNTED) {
      const sum = typeof sums[name] === "number" ? sums[name] : (this.#sums[name] ?? 0);
      moved[name] = Math.max(0, sum - (this.#sums[name] ?? 0));
      this.#sums[name] = sum;
    }
    const total = metrics["accumulated_cost"];
    const cost = typeof total === "number" ? Math.max(0, total - this.#cost) : 0;
    this.#cost = typeof total === "number" ? total : this.#cost;
    const usage = amountsOf(moved);
    return usedAnything(usage) ? makeCall(own, model, usage, Number(cost.toPrecision(12)), null) : null;
  }
}
