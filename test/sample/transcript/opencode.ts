import { CANARY, PROMPT, tick, type Miniature } from "./miniature.ts";

export function opencode(): Miniature {
  const root = ".local/share/opencode/storage";
  const session = "ses_7afd3b3e3ffeP2csKGgvNdFB8p";
  const child = "ses_7afd3b3e4aaaP2csKGgvNdFB8q";
  const message = (id: string, sessionID: string, more: object): [string, string] => [
    `${root}/message/${sessionID}/${id}.json`,
    JSON.stringify({ id, sessionID, time: { created: tick(), completed: tick() }, ...more }),
  ];
  const part = (id: string, messageID: string, more: object): [string, string] => [
    `${root}/part/${messageID}/${id}.json`,
    JSON.stringify({ id, messageID, sessionID: session, ...more }),
  ];
  const tokens = (input: number, output: number, reasoning: number, read: number, write: number): object => ({
    input,
    output,
    reasoning,
    cache: { read, write },
  });
  const by = { role: "assistant", modelID: "claude-sonnet-5", providerID: "anthropic", agent: "build" };
  return {
    format: "opencode",
    files: Object.fromEntries([
      [
        `${root}/session/global/${session}.json`,
        JSON.stringify({
          id: session,
          projectID: "global",
          directory: "/home/me/shop",
          version: "1.3.17",
          title: "The cart",
          time: { created: tick() },
        }),
      ],
      [
        `${root}/session/global/${child}.json`,
        JSON.stringify({
          id: child,
          projectID: "global",
          parentID: session,
          directory: "/home/me/shop",
          title: "Look",
          time: { created: tick() },
        }),
      ],
      message("msg_01", session, { role: "user" }),
      part("prt_01", "msg_01", { type: "text", text: PROMPT }),
      // Its own numbers are those of the last step.
      message("msg_02", session, { ...by, tokens: tokens(5, 9, 0, 300, 0), cost: 0.003, finish: "stop" }),
      part("prt_02", "msg_02", { type: "step-finish", tokens: tokens(4, 20, 3, 0, 300), cost: 0.002 }),
      part("prt_03", "msg_02", {
        type: "tool",
        callID: "toolu_01OpencodeAbcdef",
        tool: "bash",
        state: {
          status: "completed",
          input: { command: CANARY },
          output: CANARY,
          metadata: { exit: 0 },
          time: { start: tick(), end: tick() },
        },
      }),
      part("prt_04", "msg_02", { type: "step-finish", tokens: tokens(5, 9, 0, 300, 0), cost: 0.001 }),
      message("msg_03", child, { ...by, agent: "explore", tokens: tokens(2, 3, 0, 0, 0), cost: 0 }),
      [`${root}/part/msg_02/prt_05.json`, '{"id":"prt_05","messageID":"ms'],
    ]),
    folder: root,
    tokens: [11, 300, 300, 35, 3],
    cost_usd: 0.003,
    calls: 3,
    tools: 1,
  };
}
