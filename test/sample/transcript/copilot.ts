import { at, CANARY, CUT, PROMPT, text, type Miniature } from "./miniature.ts";

export function copilot(): Miniature {
  const id = "aaaabbbb-1111-4222-8333-ccccddddeeee";
  let serial = 0;
  const event = (type: string, data: object): object => ({
    type,
    data,
    id: `e${(serial += 1)}`,
    timestamp: at(),
    parentId: null,
  });
  const answer = (messageId: string, outputTokens: number, toolRequests: object[] = []): object =>
    event("assistant.message", {
      messageId,
      content: CANARY,
      outputTokens,
      toolRequests,
      model: "gpt-5-mini",
    });
  const shutdown = (input: number, read: number, output: number): object =>
    event("session.shutdown", {
      shutdownType: "routine",
      modelMetrics: {
        "gpt-5-mini": {
          requests: { count: 2, cost: 1 },
          usage: { inputTokens: input, cacheReadTokens: read, cacheWriteTokens: 0, outputTokens: output },
        },
      },
    });
  return {
    format: "copilot",
    files: {
      [`.copilot/session-state/${id}/events.jsonl`]: text([
        event("session.start", {
          sessionId: id,
          copilotVersion: "1.0.77",
          context: { cwd: "/home/me/shop", branch: "main" },
        }),
        event("user.message", { content: PROMPT }),
        answer("m1", 12, [
          { toolCallId: "call_copilot_0123456789", name: "bash", arguments: { command: CANARY } },
        ]),
        event("tool.execution_complete", {
          toolCallId: "call_copilot_0123456789",
          success: true,
          result: { content: CANARY },
        }),
        answer("m2", 8),
        shutdown(1000, 800, 20),
        event("session.resume", { context: { cwd: "/home/me/shop" } }),
        answer("m3", 5),
        // Of the second run alone.
        shutdown(300, 100, 7),
        CUT,
      ]),
    },
    folder: ".copilot/session-state",
    tokens: [400, 900, 0, 27, 0],
    cost_usd: 0,
    calls: 5,
    tools: 1,
  };
}
