/**
 * Gemini CLI's logs (`gemini_cli.*`). It emits gen_ai.* beside them, which say the same
 * once more: its spans are not counted (`counted.ts`).
 *
 * | record              | event                                          |
 * |---------------------|------------------------------------------------|
 * | api_response        | tokens_used                                    |
 * | api_error           | gemini_cli.api_error                           |
 * | tool_call           | tool_called, human_intervened where rejected   |
 * | agent.start, .finish| a task of the agent                            |
 * | chat_compression    | context_window_filled                          |
 * | user_prompt         | gemini_cli.user_prompt                         |
 *
 * Gemini's output count excludes thoughts, and its input count excludes what tools put in.
 */
import { providerId } from "../../../schema/event/provider-id.ts";
import { flagOf, numberOf, word, wordOf } from "./attributes.ts";
import { contentOf, keep } from "./content.ts";
import type { LogRecord } from "./log-record.ts";
import type { Scene } from "./scene.ts";
import { contentId, terminalScene } from "./session.ts";
import type { Told } from "./told.ts";
import { tokensOf } from "./usage.ts";

const PREFIX = "gemini_cli.";

export function isGemini(log: LogRecord): boolean {
  return log.name.startsWith(PREFIX);
}

export function tellGemini(told: Told, log: LogRecord): void {
  const { attributes, time_ms } = log;
  const scene = terminalScene(log, told, "gemini");
  const id = contentId(log, told, scene);
  const duration_ms = numberOf(attributes.get("duration_ms"));
  switch (log.name.slice(PREFIX.length)) {
    case "api_response": {
      const tokens = tokensOf(attributes, { cache: "included", reasoning: "excluded" });
      const by_tools = numberOf(attributes.get("tool_token_count")) ?? 0;
      if (tokens?.input_tokens !== undefined && by_tools > 0) tokens.input_tokens += by_tools;
      const call = providerId(wordOf("request_id", attributes)) ?? id;
      return told.event(call, time_ms, "tokens_used", scene, {
        metadata: {
          model: wordOf("model", attributes),
          provider: "gcp.gemini",
          operation: "chat",
          finish_reason: wordOf("finish_reason", attributes),
          reservation_id: wordOf("reservation", attributes),
          ...contentOf(attributes, ["output"], told.context),
        },
        metrics: { ...tokens, duration_ms },
      });
    }
    case "api_error": {
      const error = attributes.get("error.message") ?? attributes.get("error");
      return told.event(id, time_ms, "gemini_cli.api_error", scene, {
        metadata: {
          model: wordOf("model", attributes),
          error_type: wordOf("error_type", attributes),
          ...(typeof error === "string" ? { message: keep(error, told.context) } : {}),
        },
        metrics: { status: numberOf(attributes.get("status_code")), duration_ms },
      });
    }
    case "tool_call":
      return tellToolCall(told, log, scene, id);
    case "agent.start":
    case "agent.finish":
      return tellAgent(told, log, duration_ms);
    case "chat_compression":
      return told.event(id, time_ms, "context_window_filled", scene, {
        metadata: { action: "compacted" },
        metrics: { used_tokens: numberOf(attributes.get("tokens_before")) },
      });
    case "user_prompt":
      return told.event(id, time_ms, "gemini_cli.user_prompt", scene, {
        metadata: {
          prompt_id: word(attributes.get("prompt_id")),
          ...contentOf(attributes, ["prompt"], told.context),
        },
        metrics: { prompt_chars: numberOf(attributes.get("prompt_length")) },
      });
    default:
      return told.ignore("a gemini-cli record that says nothing of the work");
  }
}

function tellToolCall(told: Told, log: LogRecord, scene: Scene, id: string): void {
  const { attributes, time_ms } = log;
  const tool = wordOf("tool", attributes);
  const decision = word(attributes.get("decision"));
  told.event(id, time_ms, "tool_called", scene, {
    metadata: {
      tool,
      success: flagOf(attributes.get("success")),
      error_type: wordOf("error_type", attributes),
      server: word(attributes.get("mcp_server_name")),
      ...contentOf(attributes, ["arguments", "result"], told.context),
    },
    metrics: { duration_ms: numberOf(attributes.get("duration_ms")) },
  });
  if (decision === "reject") {
    told.event(`${id}.rejected`, time_ms, "human_intervened", scene, {
      metadata: { action: "user_reject", by: "user", tool },
    });
  }
}

/** `agent_id` is of one run. */
function tellAgent(told: Told, log: LogRecord, duration_ms: number | undefined): void {
  const { attributes, time_ms } = log;
  const name = word(attributes.get("agent_name")) ?? "agent";
  const run = word(attributes.get("agent_id")) ?? told.context.sha256(`${name} ${time_ms}`);
  const scene = { ...terminalScene(log, told, "gemini", name), task_id: `run-${run}` };
  if (log.name.endsWith(".start")) {
    told.event(`${run}.created`, time_ms, "task_created", scene, {
      metadata: { title: `Run of ${name}`, kind: "agent-run", assignee: scene.agent_id },
    });
    return told.event(`${run}.started`, time_ms, "task_started", scene);
  }
  const reason = word(attributes.get("terminate_reason")) ?? "";
  const failed = !/^(?:goal|completed?|success)?$/i.test(reason);
  told.event(`${run}.ended`, time_ms, failed ? "task_failed" : "task_completed", scene, {
    metadata: failed ? { reason } : {},
    metrics: { duration_ms },
  });
}
