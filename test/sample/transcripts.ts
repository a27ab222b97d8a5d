/**
 * A small session of each tool, laid out below a home as the tool lays it out,
 * and what it used by a count of its own. `CANARY` stands wherever a text
 * stands that must not leave the computer.
 */
import type { TranscriptFormat } from "../../cli/import/transcripts.ts";

export const CANARY = "canary-7f3a-never-sent";

export interface Miniature {
  format: TranscriptFormat;
  /** Text of each file by its path below a home. */
  files: Record<string, string>;
  /** The folder below that home that the tool owns. */
  folder: string;
  /** Uncached input, cache read, cache write, output, reasoning. */
  tokens: [number, number, number, number, number];
  cost_usd: number;
  calls: number;
  tools: number;
}

let seconds = 0;
const tick = (): number => Date.UTC(2026, 3, 1, 9) + (seconds += 1) * 1000;
const at = (): string => new Date(tick()).toISOString();
const text = (lines: (object | string)[]): string =>
  lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
const CUT = '{"type":"message","timestamp":"2026-04-01T';
const PROMPT = `Add a cart to the shop\n${CANARY}`;

function codex(): Miniature {
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

function pi(): Miniature {
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

function gemini(): Miniature {
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

function opencode(): Miniature {
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

function copilot(): Miniature {
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

function openhands(): Miniature {
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

function sweAgent(): Miniature {
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

export const MINIATURES: readonly Miniature[] = [
  codex(),
  copilot(),
  gemini(),
  opencode(),
  openhands(),
  pi(),
  sweAgent(),
];
