import { at, CANARY, CUT, PROMPT, text, type Miniature } from "./miniature.ts";

export function pi(): Miniature {
  const id = "019e19b4-eb48-746a-aa6b-8dfcfa37954b";
  const message = (entry: string, body: object): object => ({
    type: "message",
    id: entry,
    parentId: null,
    timestamp: at(),
    message: body,
  });
  const answer = (responseId: string, usage: object, content: object[]): object => ({
    role: "assistant",
    model: "claude-sonnet-5",
    provider: "anthropic",
    responseId,
    stopReason: "stop",
    content,
    usage,
  });
  return {
    format: "pi",
    files: {
      [`.pi/agent/sessions/--home-me-shop--/2026-04-01T09-00-00-000Z_${id}.jsonl`]: text([
        { type: "session", version: 3, id, timestamp: at(), cwd: "/home/me/shop" },
        message("a0000001", { role: "user", content: [{ type: "text", text: PROMPT }] }),
        message(
          "a0000002",
          answer(
            "msg_01pi",
            { input: 3, output: 40, cacheRead: 900, cacheWrite: 20, cost: { total: 0.002 } },
            [
              {
                type: "toolCall",
                id: "toolu_01Abcdefghijklmn",
                name: "write",
                arguments: { path: "/home/me/shop/cart.ts", content: CANARY },
              },
            ],
          ),
        ),
        message("a0000003", {
          role: "toolResult",
          toolCallId: "toolu_01Abcdefghijklmn",
          toolName: "write",
          content: [{ type: "text", text: CANARY }],
          isError: false,
        }),
        message(
          "a0000004",
          answer(
            "msg_02pi",
            { input: 4, output: 10, cacheRead: 950, cacheWrite: 0, cost: { total: 0.001 } },
            [{ type: "text", text: CANARY }],
          ),
        ),
        { type: "compaction", id: "a0000005", timestamp: at(), summary: CANARY, tokensBefore: 900 },
        CUT,
      ]),
    },
    folder: ".pi/agent/sessions",
    tokens: [7, 1850, 20, 50, 0],
    cost_usd: 0.003,
    calls: 2,
    tools: 1,
  };
}
