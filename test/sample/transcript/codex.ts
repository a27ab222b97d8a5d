import { at, CANARY, CUT, PROMPT, text, tick, type Miniature } from "./miniature.ts";

export function codex(): Miniature {
  const id = "019fc8be-3658-7ca3-9e29-0123456789ab";
  const line = (type: string, payload: object): object => ({ timestamp: at(), type, payload });
  const count = (total: number[], last: number[]): object => {
    const usage = ([input, cached, output, reasoning]: number[]): object => ({
      input_tokens: input,
      cached_input_tokens: cached,
      output_tokens: output,
      reasoning_output_tokens: reasoning,
    });
    return line("event_msg", {
      type: "token_count",
      info: { total_token_usage: usage(total), last_token_usage: usage(last) },
    });
  };
  const parent = [
    line("session_meta", {
      id,
      cwd: "/home/me/shop",
      cli_version: "0.146.0",
      model_provider: "openai",
      git: { branch: "cart" },
    }),
    line("turn_context", { model: "gpt-5.2-codex", cwd: "/home/me/shop" }),
    line("event_msg", { type: "user_message", message: PROMPT }),
    line("response_item", {
      type: "function_call",
      name: "shell",
      call_id: "call_Zk3f8QpVt1mN0aBc",
      arguments: JSON.stringify({ command: ["bash", "-lc", `npx vitest run # ${CANARY}`] }),
    }),
    count([1000, 600, 50, 20], [1000, 600, 50, 20]),
    line("response_item", {
      type: "function_call_output",
      call_id: "call_Zk3f8QpVt1mN0aBc",
      output: `Exit code: 1\nWall time: 2.5 seconds\nOutput:\n ${CANARY}\n Tests  1 failed | 4 passed (5)`,
    }),
    // Limits changed; nothing was used.
    count([1000, 600, 50, 20], [1000, 600, 50, 20]),
    line("response_item", {
      type: "message",
      role: "assistant",
      content: [{ type: "output_text", text: CANARY }],
    }),
    count([2500, 1600, 80, 20], [1500, 1000, 30, 0]),
    line("event_msg", { type: "task_complete", last_agent_message: CANARY }),
  ];
  const fork = "019fc8bf-0000-7ca3-9e29-ba9876543210";
  const forked_ms = tick() + 60_000;
  const copied = parent.map((one, index) => ({
    ...one,
    timestamp: new Date(forked_ms + index).toISOString(),
  }));
  const child = [
    {
      timestamp: new Date(forked_ms - 1).toISOString(),
      type: "session_meta",
      payload: {
        id: fork,
        forked_from_id: id,
        parent_thread_id: id,
        agent_role: "explorer",
        cwd: "/home/me/shop",
      },
    },
    ...copied,
    {
      timestamp: new Date(forked_ms + 30_000).toISOString(),
      type: "event_msg",
      payload: {
        type: "token_count",
        info: {
          total_token_usage: {
            input_tokens: 2600,
            cached_input_tokens: 1650,
            output_tokens: 85,
            reasoning_output_tokens: 21,
          },
          last_token_usage: {
            input_tokens: 100,
            cached_input_tokens: 50,
            output_tokens: 5,
            reasoning_output_tokens: 1,
          },
        },
      },
    },
  ];
  return {
    format: "codex",
    files: {
      [`.codex/sessions/2026/04/01/rollout-2026-04-01T09-00-00-${id}.jsonl`]: text([...parent, CUT]),
      [`.codex/sessions/2026/04/01/rollout-2026-04-01T09-10-00-${fork}.jsonl`]: text(child),
    },
    folder: ".codex/sessions",
    tokens: [950, 1650, 0, 85, 21],
    cost_usd: 0,
    calls: 3,
    tools: 1,
  };
}
