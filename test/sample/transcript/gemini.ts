import { at, CANARY, CUT, PROMPT, text, type Miniature } from "./miniature.ts";

export function gemini(): Miniature {
  const head = (sessionId: string): object => ({
    sessionId,
    projectHash: "ab".repeat(32),
    startTime: at(),
    lastUpdated: at(),
    kind: "main",
  });
  const tool = {
    id: "run_shell_command-1",
    name: "run_shell_command",
    args: { command: `ls ${CANARY}` },
    status: "success",
    timestamp: at(),
    result: [{ functionResponse: { response: { output: CANARY } } }],
  };
  const tokens = (input: number, cached: number, output: number, thoughts: number): object => ({
    input,
    cached,
    output,
    thoughts,
    tool: 0,
    total: input + output + thoughts,
  });
  const answer = (id: string, usage: object, more: object = {}): object => ({
    id,
    timestamp: at(),
    type: "gemini",
    model: "gemini-3-flash-preview",
    content: CANARY,
    tokens: usage,
    ...more,
  });
  return {
    format: "gemini",
    files: {
      [`.gemini/tmp/${"ab".repeat(32)}/chats/session-2026-04-01T09-00-aaaa1111.json`]: JSON.stringify({
        ...head("11111111-aaaa-4111-8111-111111111111"),
        messages: [
          { id: "m1", timestamp: at(), type: "user", content: PROMPT },
          answer("m2", tokens(100, 60, 10, 5), { toolCalls: [tool] }),
          { id: "m3", timestamp: at(), type: "info", content: "Request cancelled." },
        ],
      }),
      [`.gemini/tmp/${"ab".repeat(32)}/chats/session-2026-04-01T10-00-bbbb2222.jsonl`]: text([
        head("22222222-bbbb-4222-8222-222222222222"),
        { id: "n1", timestamp: at(), type: "user", content: [{ text: PROMPT }] },
        answer("n2", tokens(0, 0, 0, 0)),
        { $set: { lastUpdated: at() } },
        answer("n2", tokens(200, 0, 20, 0)),
        { $rewindTo: "n1" },
        CUT,
      ]),
    },
    folder: ".gemini/tmp",
    tokens: [240, 60, 0, 35, 5],
    cost_usd: 0,
    calls: 2,
    tools: 1,
  };
}
