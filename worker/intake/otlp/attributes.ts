/**
 * What the senders call one thing: the names of every convention, the newest
 * first. The first that holds something counts.
 */
import type { Json } from "../../../schema/event/event.ts";
import type { Attributes } from "./value.ts";

export const NAMES = {
  model: [
    "gen_ai.response.model",
    "gen_ai.request.model",
    "llm.response.model_name",
    "llm.model_name",
    "ai.response.model",
    "ai.model.id",
    "model",
    "model_name",
  ],
  provider: ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"],
  input: [
    "gen_ai.usage.input_tokens",
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "llm.usage.prompt_tokens",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    "input_tokens",
    "input_token_count",
  ],
  output: [
    "gen_ai.usage.output_tokens",
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "llm.usage.completion_tokens",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
    "output_tokens",
    "output_token_count",
  ],
  cache_read: [
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.inputTokenDetails.cacheReadTokens",
    "ai.usage.cachedInputTokens",
    "gen_ai.usage.details.cache_read_tokens",
    "cache_read_tokens",
    "cached_token_count",
    "cached_content_token_count",
  ],
  cache_write: [
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
    "gen_ai.usage.details.cache_write_tokens",
    "cache_creation_tokens",
    "cache_write_tokens",
  ],
  reasoning: [
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.outputTokenDetails.reasoningTokens",
    "ai.usage.reasoningTokens",
    "gen_ai.usage.details.reasoning_tokens",
    "codex.usage.reasoning_output_tokens",
    "reasoning_token_count",
    "thoughts_token_count",
  ],
  request_id: [
    "request_id",
    "gen_ai.response.id",
    "ai.response.id",
    "llm.response.id",
    "http.response.header.x-request-id",
  ],
  finish_reason: [
    "gen_ai.response.finish_reasons",
    "llm.response.finish_reason",
    "ai.response.finishReason",
    "finish_reason",
    "finish_reasons",
  ],
  agent: ["gen_ai.agent.name", "agent.name", "agent_name", "ai.telemetry.functionId"],
  agent_key: ["gen_ai.agent.id", "agent.id", "agent_id"],
  tool: ["gen_ai.tool.name", "tool.name", "tool_name", "function_name", "ai.toolCall.name"],
  tool_call: [
    "gen_ai.tool.call.id",
    "gen_ai.tool.call_id",
    "tool.id",
    "tool_call.id",
    "tool_use_id",
    "call_id",
    "ai.toolCall.id",
  ],
  session: [
    "gen_ai.conversation.id",
    "session.id",
    "conversation.id",
    "langgraph.thread_id",
    "thread_id",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.thread_id",
    "ai.telemetry.metadata.sessionId",
  ],
  workflow: ["gen_ai.workflow.name", "traceloop.workflow.name", "workflow.name"],
  error_type: ["error.type", "error_type", "exception.type"],
  feature: ["clusterfork.feature_id", "clusterfork.feature", "feature_id", "feature.id"],
  task: ["clusterfork.task_id", "clusterfork.task", "task_id", "task.id"],
  /** What `POST /v1/budgets/reserve` gave for this call. */
  reservation: ["clusterfork.reservation_id"],
  branch: [
    "vcs.ref.head.name",
    "git.branch",
    "git_branch",
    "vcs.repository.ref.name",
    "github.copilot.git.branch",
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Name = keyof typeof NAMES;

/** The first that holds something: in the record itself, then in its resource. */
export function lookUp(name: Name, ...places: readonly Attributes[]): Json | undefined {
  for (const attributes of places) {
    for (const key of NAMES[name]) {
      const value = attributes.get(key);
      if (value !== undefined && value !== null && value !== "") return value;
    }
  }
  return undefined;
}

/** Longest text taken from an attribute as a name, a status or a reason, characters. */
const MAX_WORD_CHARS = 200;

/** One short line; undefined where there is none. */
export function word(value: Json | undefined): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return word(value[0]);
  if (typeof value !== "string") return undefined;
  const line = value
    .slice(0, MAX_WORD_CHARS * 2)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_WORD_CHARS)
    .toWellFormed();
  return line === "" ? undefined : line;
}

export function wordOf(name: Name, ...places: readonly Attributes[]): string | undefined {
  return word(lookUp(name, ...places));
}

/** A number that is sent as a number or as text; undefined where it is neither. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === "string" && value.trim() !== "") value = Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** True and false, also as text. */
export function flagOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  return undefined;
}
