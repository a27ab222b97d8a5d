/** Tokens and cost as a conversation's state sums them up, one call after the other. */
import { providerId } from "../../../schema/event/provider-id.ts";
import { object, objects, text, type JsonObject } from "../json-field.ts";
import type { Call } from "../session/call.ts";
import { includingCache, modelOf, usedAnything } from "../session/reading.ts";

export interface CallTold {
  call: Call;
  /** As the events of the conversation call it. */
  response_id: string | null;
  /** When its cost was noted, where that is recorded, ms. */
  asked_ms: number | null;
}

export function amountsOf(usage: JsonObject): Record<string, number> {
  return includingCache({
    input: usage["prompt_tokens"],
    cache_read: usage["cache_read_tokens"],
    cache_write: usage["cache_write_tokens"],
    output: usage["completion_tokens"],
    reasoning: usage["reasoning_tokens"],
  });
}

export function callsOf(state: JsonObject, session: string): CallTold[] {
  const stats = object(object(state["stats"])["usage_to_metrics"]);
  return Object.entries(stats).flatMap(([use, metrics]) => callsIn(object(metrics), `${session}-${use}`));
}

function callsIn(metrics: JsonObject, name: string): CallTold[] {
  const usages = objects(metrics["token_usages"]);
  const costs = objects(metrics["costs"]);
  const latencies = new Map(
    objects(metrics["response_latencies"]).map((one) => [text(one["response_id"]), one["latency"]]),
  );
  const own = text(metrics["model_name"]);
  if (usages.length === 0) {
    const usage = amountsOf(object(metrics["accumulated_token_usage"]));
    return usedAnything(usage)
      ? [
          {
            call: makeCall(`openhands-${name}`, own, usage, metrics["accumulated_cost"], null),
            response_id: null,
            asked_ms: null,
          },
        ]
      : [];
  }
  // Both lists are written call by call; of other lengths they do not belong together.
  const paired = costs.length === usages.length;
  const calls = usages.map((usage, index): CallTold => {
    const id = text(usage["response_id"]);
    const cost = paired ? costs[index] : undefined;
    const seconds = cost?.["timestamp"];
    return {
      call: makeCall(
        providerId(id) ?? `openhands-${name}-${index}`,
        text(usage["model"]) ?? own,
        amountsOf(usage),
        cost?.["cost"],
        latencies.get(id),
      ),
      response_id: id,
      asked_ms: typeof seconds === "number" && Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
    };
  });
  return calls.filter(({ call }) => usedAnything(call.usage));
}

export function makeCall(
  message_id: string,
  model: string | null,
  usage: Record<string, number>,
  cost: unknown,
  seconds: unknown,
): Call {
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) usage["cost_usd"] = cost;
  return {
    message_id,
    request_id: null,
    ...modelOf(model),
    stop_reason: null,
    complete: true,
    usage,
    ...(typeof seconds === "number" && seconds > 0 ? { duration_ms: Math.round(seconds * 1000) } : {}),
  };
}
