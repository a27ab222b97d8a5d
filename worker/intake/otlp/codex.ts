/**
 * Codex's logs (`codex.*`, `service.name` codex_cli_rs, codex_exec, …).
 *
 * | record                                        | event              |
 * |-----------------------------------------------|--------------------|
 * | sse_event with event.kind=response.completed  | tokens_used        |
 * | tool_result                                   | tool_called        |
 * | tool_decision: denied or aborted by the user  | human_intervened   |
 * | conversation_starts                           | agent_initialized  |
 * | user_prompt                                   | codex.user_prompt  |
 * | api_request that failed                       | codex.api_error    |
 */
import { providerId } from "../../../schema/event/provider-id.ts";
import { flagOf, numberOf, word, wordOf } from "./attributes.ts";
import { contentOf, keep } from "./content.ts";
import type { LogRecord } from "./log-record.ts";
import { contentId, terminalScene } from "./session.ts";
import type { Told } from "./told.ts";
import { costOf, tokensOf } from "./usage.ts";

const PREFIX = "codex.";

export function isCodex(log: LogRecord): boolean {
  return log.name.startsWith(PREFIX);
}

export function tellCodex(told: Told, log: LogRecord): void {
  const { attributes, time_ms } = log;
  const scene = terminalScene(log, told, "codex");
  const id = contentId(log, told, scene);
  const duration_ms = numberOf(attributes.get("duration_ms"));
  const call_id = wordOf("tool_call", attributes);
  switch (log.name.slice(PREFIX.length)) {
    case "sse_event": {
      const tokens = tokensOf(attributes);
      if (attributes.get("event.kind") !== "response.completed" || tokens === null) {
        return told.ignore("a codex record that says nothing of the work");
      }
      const cost_usd = costOf(attributes);
      const call = providerId(wordOf("request_id", attributes)) ?? id;
      return told.event(call, time_ms, "tokens_used", scene, {
        metadata: {
          model: wordOf("model", attributes) ?? word(attributes.get("slug")),
          provider: wordOf("provider", attributes) ?? "openai",
          operation: "chat",
          reservation_id: wordOf("reservation", attributes),
          ...(cost_usd === undefined ? {} : { cost_source: "reported" }),
        },
        metrics: { ...tokens, cost_usd, duration_ms },
      });
    }
    case "tool_result":
      return told.event(
        call_id === undefined ? id : `${scene.session_id ?? ""}-${call_id}`,
        time_ms,
        "tool_called",
        scene,
        {
          metadata: {
            tool: wordOf("tool", attributes),
            tool_call_id: call_id,
            success: flagOf(attributes.get("success")),
            server: word(attributes.get("mcp_server")),
            ...contentOf(attributes, ["arguments", "result"], told.context),
          },
          metrics: { duration_ms },
        },
      );
    case "tool_decision": {
      const decision = word(attributes.get("decision")) ?? "";
      const by_user = word(attributes.get("source"))?.toLowerCase() === "user";
      if (!by_user || !/^(?:denied|abort|reject)/i.test(decision))
        return told.ignore("a tool that was allowed");
      return told.event(id, time_ms, "human_intervened", scene, {
        metadata: { action: decision.toLowerCase(), by: "user", tool: wordOf("tool", attributes) },
      });
    }
    case "conversation_starts":
      // The scene has told the session and its agent.
      return;
    case "user_prompt":
      return told.event(id, time_ms, "codex.user_prompt", scene, {
        metadata: contentOf(attributes, ["prompt"], told.context),
        metrics: {
          prompt_chars: numberOf(attributes.get("prompt_length") ?? attributes.get("prompt.length")),
        },
      });
    case "api_request": {
      const error = attributes.get("error.message") ?? attributes.get("error");
      if (typeof error !== "string") return told.ignore("a codex record that says nothing of the work");
      return told.event(id, time_ms, "codex.api_error", scene, {
        metadata: { model: wordOf("model", attributes), message: keep(error, told.context) },
        metrics: {
          status: numberOf(attributes.get("http.response.status_code")),
          attempt: numberOf(attributes.get("attempt")),
          duration_ms,
        },
      });
    }
    default:
      return told.ignore("a codex record that says nothing of the work");
  }
}
