import { at, CANARY, PROMPT, type Miniature } from "./miniature.ts";

export function openhands(): Miniature {
  const root = ".openhands/conversations/0123456789abcdef0123456789abcdef";
  const event = (n: number, kind: string, more: object): [string, string] => [
    `${root}/events/event-0000${n}-0000.json`,
    JSON.stringify({
      id: `00000000-0000-4000-8000-00000000000${n}`,
      timestamp: at(),
      source: "agent",
      kind,
      ...more,
    }),
  ];
  const used = (
    response_id: string,
    prompt_tokens: number,
    cache_read_tokens: number,
    completion_tokens: number,
  ): object => ({
    response_id,
    model: "anthropic/claude-sonnet-5",
    prompt_tokens,
    completion_tokens,
    cache_read_tokens,
    cache_write_tokens: 0,
    reasoning_tokens: 0,
  });
  const earlier = ".openhands/sessions/fedcba9876543210";
  const metrics = (cost: number, prompt_tokens: number, completion_tokens: number): object => ({
    accumulated_cost: cost,
    accumulated_token_usage: {
      prompt_tokens,
      completion_tokens,
      cache_read_tokens: 0,
      cache_write_tokens: 0,
    },
  });
  return {
    format: "openhands",
    files: Object.fromEntries([
      event(1, "MessageEvent", {
        source: "user",
        llm_message: { role: "user", content: [{ type: "text", text: PROMPT }] },
      }),
      event(2, "ActionEvent", {
        tool_name: "terminal",
        tool_call_id: "toolu_01OpenhandsAbcde",
        llm_response_id: "chatcmpl-oh-1",
        action: { kind: "ExecuteBashAction", command: CANARY },
      }),
      event(3, "ObservationEvent", {
        source: "environment",
        tool_name: "terminal",
        tool_call_id: "toolu_01OpenhandsAbcde",
        observation: { exit_code: 0, content: [{ type: "text", text: CANARY }] },
      }),
      event(4, "MessageEvent", {
        llm_response_id: "chatcmpl-oh-2",
        llm_message: { role: "assistant", content: [{ type: "text", text: CANARY }] },
      }),
      [
        `${root}/base_state.json`,
        JSON.stringify({
          id: "x",
          stats: {
            usage_to_metrics: {
              default: {
                model_name: "anthropic/claude-sonnet-5",
                accumulated_cost: 0.03,
                token_usages: [used("chatcmpl-oh-1", 100, 40, 10), used("chatcmpl-oh-2", 200, 150, 20)],
                costs: [
                  { model: "x", cost: 0.01 },
                  { model: "x", cost: 0.02 },
                ],
              },
            },
          },
        }),
      ],
      [
        `${earlier}/events/0.json`,
        JSON.stringify({
          id: 0,
          timestamp: at(),
          source: "user",
          action: "message",
          args: { content: PROMPT },
        }),
      ],
      [
        `${earlier}/events/1.json`,
        JSON.stringify({
          id: 1,
          timestamp: at(),
          source: "agent",
          action: "run",
          args: { command: CANARY },
          llm_metrics: metrics(0.004, 50, 5),
        }),
      ],
      [
        `${earlier}/events/2.json`,
        JSON.stringify({
          id: 2,
          timestamp: at(),
          source: "agent",
          observation: "run",
          cause: 1,
          content: CANARY,
          extras: { metadata: { exit_code: 1 } },
        }),
      ],
      [
        `${earlier}/events/3.json`,
        JSON.stringify({
          id: 3,
          timestamp: at(),
          source: "agent",
          action: "message",
          args: { content: CANARY },
          llm_metrics: metrics(0.006, 120, 9),
        }),
      ],
      [`${earlier}/events/4.json`, '{"id": 4, "timest'],
    ]),
    folder: ".openhands/conversations",
    tokens: [230, 190, 0, 39, 0],
    cost_usd: 0.036,
    calls: 4,
    tools: 2,
  };
}
