/** Events as questions meet them: fourteen fields, some 400 bytes, names that repeat and numbers that do not. */
import type { PreparedEvent } from "../../schema/event/batch.ts";

const MODELS = ["claude-sonnet-5", "claude-opus-5", "gpt-6-codex", "gemini-4-pro", "qwen-4-coder"];

export function event(n: number): PreparedEvent {
  const id = `e${n}`;
  const spread = (n * 2_654_435_761) % 4_294_967_296;
  const json = JSON.stringify({
    id,
    timestamp: new Date(1_700_000_000_000 + n * 1_000).toISOString(),
    event_type: ["tokens_used", "tokens_used", "tool_called", "task_progress"][n % 4],
    agent_id: `coder-${n % 48}`,
    agent_role: n % 5 === 0 ? "reviewer" : "coder",
    task_id: `TASK-${Math.floor(n / 40)}`,
    feature_id: `feature-${Math.floor(n / 4_000)}`,
    session_id: `session-${Math.floor(n / 200)}`,
    metadata:
      n % 4 < 2
        ? { model: MODELS[spread % 5], provider: "anthropic", cost_source: "priced" }
        : { tool: ["Bash", "Read", "Edit"][spread % 3], message: `step ${n} of the work on this task` },
    metrics:
      n % 4 < 2
        ? {
            input_tokens: spread % 3_000,
            output_tokens: spread % 900,
            cost_usd: (spread % 5_000) / 1e5,
            duration_ms: spread % 60_000,
          }
        : { duration_ms: spread % 9_000 },
    source: "api",
    key_id: "bench",
    v: 1,
  });
  return { id, body_hash: "00".repeat(32), json };
}
