/** Events as agents send them: some 500 bytes of JSON on average, model calls most of all. */
let minted = 0;

export function benchEvent(): Record<string, unknown> {
  minted += 1;
  const core = {
    id: `01JD7Q3X-${process.pid}-${minted}`,
    timestamp: new Date().toISOString(),
    agent_id: `coder-${minted % 12}`,
    agent_role: "coder",
    task_id: `TASK-${minted % 300}`,
    feature_id: `feature-${minted % 20}`,
    session_id: "8f14e45f-ceea-467f-a8b4-3a1c1d2e4b5f",
  };
  switch (minted % 8) {
    case 0:
      return { ...core, event_type: "task_progress", metadata: { progress: 0.5, message: MESSAGE } };
    case 1:
      return {
        ...core,
        event_type: "tool_called",
        metadata: { tool: "Bash", command: "npm run check && npm test -- --run src/auth", message: MESSAGE },
        metrics: { duration_ms: 8_412 },
      };
    case 2:
      return {
        ...core,
        event_type: "test_failed",
        metadata: { suite: "auth", name: "rejects a password of seven characters", evidence: MESSAGE },
        metrics: { passed: 27, failed: 1, duration_ms: 2_210 },
      };
    default:
      return {
        ...core,
        event_type: "tokens_used",
        metadata: {
          model: "claude-sonnet-5",
          provider: "anthropic",
          request: "req_011CSHoEeqs5C35K2UUqR7Fy",
        },
        metrics: {
          input_tokens: 1_200,
          cache_read_tokens: 90_000,
          cache_write_tokens: 2_048,
          output_tokens: 480,
          cost_usd: 0.0411,
          duration_ms: 3_200,
        },
      };
  }
}

const MESSAGE =
  "The form now trims the address before it is compared; two of the old tests expected the untrimmed text, " +
  "so they are changed with it, and the error names the field. Next: the same for the invitation.";
