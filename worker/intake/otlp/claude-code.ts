/**
 * Claude Code's logs (`service.name` claude-code).
 *
 * | record                              | event                          |
 * |-------------------------------------|--------------------------------|
 * | api_request                         | tokens_used                    |
 * | api_error, api_retries_exhausted    | claude_code.api_error          |
 * | tool_result                         | tool_called                    |
 * | tool_decision: rejected or aborted  | human_intervened               |
 * | subagent_completed                  | agent_submitted, and a task    |
 * | compaction                          | context_window_filled          |
 * | user_prompt                         | claude_code.user_prompt        |
 *
 * Its counters of tokens and cost say the same once more and are never added
 * (`metrics.ts`). The id of a call is the provider's request id, which its
 * transcripts and hooks know too.
 */
import { flagOf, numberOf, word, wordOf } from "./attributes.ts";
import { contentOf, keep } from "./content.ts";
import type { LogRecord } from "./log-record.ts";
import { contentId, terminalScene } from "./session.ts";
import type { Told } from "./told.ts";
import { costOf, tokensOf } from "./usage.ts";

const PROGRAM = "claude-code";
const PREFIX = "claude_code.";
const SERVICE = /^claude-code/;

/** Whether the record is Claude Code's. */
export function isClaudeCode(log: LogRecord): boolean {
  return log.name.startsWith(PREFIX) || SERVICE.test(word(log.resource.get("service.name")) ?? "");
}

export function tellClaudeCode(told: Told, log: LogRecord): void {
  const { attributes, time_ms } = log;
  const name = log.name.startsWith(PREFIX) ? log.name.slice(PREFIX.length) : log.name;
  const agent = word(attributes.get("agent.name") ?? attributes.get("agent_name"));
  const scene = terminalScene(log, told, PROGRAM, agent);
  const id = contentId(log, told, scene);
  const duration_ms = numberOf(attributes.get("duration_ms"));
  switch (name) {
    case "api_request": {
      const cost_usd = costOf(attributes);
      const tokens = tokensOf(attributes, { cache: "excluded", reasoning: "included" });
      const request_id = wordOf("request_id", attributes);
      return told.event(request_id ?? id, time_ms, "tokens_used", scene, {
        metadata: {
          model: wordOf("model", attributes),
          provider: "anthropic",
          operation: "chat",
          request_id,
          query_source: word(attributes.get("query_source")),
          reservation_id: wordOf("reservation", attributes),
          ...(cost_usd === undefined ? {} : { cost_source: "reported" }),
        },
        metrics: { ...tokens, cost_usd, duration_ms },
      });
    }
    case "api_error":
    case "api_retries_exhausted":
      return told.event(id, time_ms, "claude_code.api_error", scene, {
        metadata: {
          model: wordOf("model", attributes),
          error_type: wordOf("error_type", attributes),
          exhausted: name === "api_error" ? undefined : true,
          ...errorOf(told, log),
        },
        metrics: {
          status: numberOf(attributes.get("status_code")),
          attempt: numberOf(attributes.get("attempt")),
          duration_ms,
        },
      });
    case "tool_result":
      return told.event(wordOf("tool_call", attributes) ?? id, time_ms, "tool_called", scene, {
        metadata: {
          tool: wordOf("tool", attributes),
          tool_call_id: wordOf("tool_call", attributes),
          success: flagOf(attributes.get("success")),
          error_type: wordOf("error_type", attributes),
          commit: word(attributes.get("git_commit_id")),
          ...errorOf(told, log),
          ...contentOf(attributes, ["arguments", "result"], told.context),
        },
        metrics: { duration_ms },
      });
    case "tool_decision": {
      const action = word(attributes.get("source"));
      if (action !== "user_reject" && action !== "user_abort") return told.ignore("a tool that was allowed");
      return told.event(id, time_ms, "human_intervened", scene, {
        metadata: { action, by: "user", tool: wordOf("tool", attributes) },
      });
    }
    case "subagent_completed":
      return tellSubagent(told, log, id, duration_ms ?? 0);
    case "compaction":
      return told.event(id, time_ms, "context_window_filled", scene, {
        metadata: {
          action: "compacted",
          trigger: word(attributes.get("trigger")),
          success: flagOf(attributes.get("success")),
        },
        metrics: { used_tokens: wholeNumber(attributes.get("pre_tokens")), duration_ms },
      });
    case "user_prompt":
      return told.event(id, time_ms, "claude_code.user_prompt", scene, {
        metadata: {
          prompt_id: word(attributes.get("prompt.id")),
          command: word(attributes.get("command_name")),
          ...contentOf(attributes, ["prompt"], told.context),
        },
        metrics: { prompt_chars: numberOf(attributes.get("prompt_length")) },
      });
    default:
      return told.ignore(`a claude-code record that says nothing of the work`);
  }
}

/** Its `total_tokens` are those of the last request only, which is counted already. */
function tellSubagent(told: Told, log: LogRecord, id: string, duration_ms: number): void {
  const { attributes, time_ms } = log;
  const type = word(attributes.get("agent_type")) ?? "subagent";
  const scene = { ...terminalScene(log, told, PROGRAM, type), task_id: `subagent-${id}` };
  const begun_ms = time_ms - Math.max(duration_ms, 0);
  const metadata = { title: `Run of ${type}`, kind: "agent-run", assignee: scene.agent_id };
  told.event(`${id}.created`, begun_ms, "task_created", scene, { metadata });
  told.event(`${id}.started`, begun_ms, "task_started", scene);
  told.event(id, time_ms, "agent_submitted", scene, {
    metrics: { duration_ms, tool_calls: wholeNumber(attributes.get("total_tool_uses")) },
  });
  told.event(`${id}.ended`, time_ms, "task_completed", scene, { metrics: { duration_ms } });
}

function wholeNumber(value: Parameters<typeof numberOf>[0]): number | undefined {
  const number = numberOf(value);
  return number === undefined || number < 0 ? undefined : Math.round(number);
}

/** An error quotes what went wrong, which may be what was said or read. */
function errorOf(told: Told, log: LogRecord): { message?: ReturnType<typeof keep> } {
  const error = log.attributes.get("error");
  return typeof error === "string" && error !== "" ? { message: keep(error, told.context) } : {};
}
