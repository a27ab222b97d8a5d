import { CANARY, PROMPT, tick, type Miniature } from "./miniature.ts";

export function sweAgent(): Miniature {
  const step = (action: string, execution_time: number): object => ({
    action,
    observation: CANARY,
    response: CANARY,
    thought: CANARY,
    execution_time,
  });
  return {
    format: "swe-agent",
    files: {
      "trajectories/me/run/shop__cart-1/shop__cart-1.traj": JSON.stringify({
        environment: "swe_main",
        trajectory: [
          step(`ls ${CANARY}`, 0.2),
          step("str_replace_editor create /shop/cart.ts --file_text x", 0.1),
          step("submit", 0.1),
        ],
        info: {
          exit_status: "submitted",
          model_stats: { instance_cost: 0.5, tokens_sent: 9000, tokens_received: 700, api_calls: 3 },
        },
        replay_config: JSON.stringify({ agent: { model: { name: "anthropic/claude-sonnet-5" } } }),
      }),
      "trajectories/me/run/shop__cart-2/shop__cart-2.traj.json": JSON.stringify({
        trajectory_format: "mini-swe-agent-1.1",
        info: { exit_status: "Submitted", model_stats: { instance_cost: 0.1, api_calls: 1 } },
        messages: [
          { role: "system", content: CANARY },
          { role: "user", content: PROMPT },
          {
            role: "assistant",
            content: CANARY,
            extra: {
              timestamp: tick() / 1000,
              cost: 0.1,
              actions: [{ command: CANARY }],
              response: {
                id: "chatcmpl-mini-1",
                model: "openai/gpt-5.2",
                usage: {
                  prompt_tokens: 80,
                  completion_tokens: 8,
                  prompt_tokens_details: { cached_tokens: 30 },
                },
              },
            },
          },
          { role: "user", content: `<returncode>0</returncode>${CANARY}` },
        ],
      }),
    },
    folder: "trajectories",
    tokens: [9050, 30, 0, 708, 0],
    cost_usd: 0.6,
    calls: 2,
    tools: 4,
  };
}
