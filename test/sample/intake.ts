/** A payload of each foreign format, and what is known of it, for the contract suite. */
import { pullRequest } from "../../worker/intake/github/deliveries.test-data.ts";
import type { AdapterName } from "../../worker/intake/adapters.ts";
import { attrs, log, logs, nanos, span, traces } from "./otlp.ts";

/** Stands wherever a sender may put what was asked and answered. */
export const CANARY = "CANARY-a-prompt-that-nobody-may-see";

export interface IntakeSample {
  payload: () => unknown;
  /** Uncached input, cache reads, cache writes, output, reasoning. */
  tokens: [number, number, number, number, number];
  records: number;
  /** Whether a project that keeps content gets some of it. */
  has_content: boolean;
  /** The same records, the other way round. */
  reversed: () => unknown;
  /** The same records among others that are broken. */
  broken: () => unknown;
  /** Its records carry no time: they happen when they arrive. */
  timeless?: boolean;
}

/** Garbage of every kind that JSON has, where a record should be. */
const GARBAGE: unknown[] = [
  null,
  1,
  "record",
  [],
  {},
  { traceId: "zz", spanId: 5, name: [], attributes: "none" },
  { traceId: "0".repeat(32), spanId: "0".repeat(16) },
  {
    attributes: [null, 1, { key: 5 }, { key: "x", value: { arrayValue: { values: {} } } }],
    timeUnixNano: "never",
  },
  { name: {}, sum: { dataPoints: 5 } },
];

function sample(
  tokens: IntakeSample["tokens"],
  list: readonly unknown[],
  wrap: (records: readonly unknown[]) => unknown,
  has_content = true,
): IntakeSample {
  return {
    payload: () => wrap(list),
    tokens,
    records: list.length,
    has_content,
    reversed: () => wrap([...list].reverse()),
    broken: () => wrap([...GARBAGE, ...list.flatMap((one) => [one, ...GARBAGE])]),
  };
}

const SPANS = [
  span({
    id: 2,
    parent: 1,
    name: "chat gpt-4o",
    from: 1,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.id": "chatcmpl-0123456789abcdef",
      "gen_ai.usage.input_tokens": 1000,
      "gen_ai.usage.cache_read.input_tokens": 300,
      "gen_ai.usage.cache_write.input_tokens": 100,
      "gen_ai.usage.output_tokens": 70,
      "gen_ai.usage.reasoning.output_tokens": 20,
      "gen_ai.input.messages": [{ role: "user", content: CANARY }],
      "gen_ai.output.messages": CANARY,
      "gen_ai.system_instructions": CANARY,
      "gen_ai.prompt.0.content": CANARY,
      "unknown.attribute": CANARY,
    },
  }),
  span({
    id: 3,
    parent: 1,
    name: "execute_tool search",
    from: 3,
    error: CANARY,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
      "gen_ai.tool.call.arguments": CANARY,
      "gen_ai.tool.call.result": CANARY,
      "error.type": "timeout",
    },
  }),
  span({
    id: 4,
    parent: 9,
    name: "ChatCompletion",
    from: 4,
    attributes: {
      "openinference.span.kind": "LLM",
      "llm.model_name": "gpt-4o",
      "llm.token_count.prompt": 10,
      "llm.token_count.completion": 5,
      "llm.input_messages.0.message.content": CANARY,
      "input.value": CANARY,
      "session.id": "conv-1",
    },
    events: [
      {
        name: "gen_ai.evaluation.result",
        attributes: {
          "gen_ai.evaluation.name": "tone",
          "gen_ai.evaluation.score.label": "pass",
          "gen_ai.evaluation.score.value": 0.9,
          "gen_ai.evaluation.explanation": CANARY,
        },
      },
    ],
  }),
  span({
    id: 5,
    parent: 1,
    name: "ai.generateText",
    from: 5,
    attributes: { "ai.operationId": "ai.generateText", "ai.usage.promptTokens": 7, "ai.prompt": CANARY },
  }),
  span({
    id: 6,
    parent: 5,
    name: "ai.generateText.doGenerate",
    from: 5,
    attributes: {
      "ai.operationId": "ai.generateText.doGenerate",
      "ai.model.id": "gpt-4o",
      "ai.model.provider": "openai.responses",
      "ai.usage.promptTokens": 7,
      "ai.usage.completionTokens": 3,
      "ai.prompt.messages": CANARY,
      "ai.response.text": CANARY,
    },
  }),
  span({
    id: 7,
    parent: 1,
    name: "handoff",
    from: 6,
    attributes: { "gen_ai.transfer.target.name": "writer" },
  }),
  span({
    id: 8,
    name: "joke.workflow",
    trace: "aa".repeat(16),
    attributes: {
      "traceloop.span.kind": "workflow",
      "traceloop.entity.name": "joke",
      "traceloop.entity.input": CANARY,
    },
  }),
  span({
    id: 1,
    name: "invoke_agent researcher",
    from: 0,
    to: 9,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "researcher",
      "gen_ai.conversation.id": "conv-1",
      "gen_ai.usage.input_tokens": 1017,
      "gen_ai.usage.output_tokens": 78,
      "gen_ai.input.messages": CANARY,
    },
  }),
  span({ id: 10, name: "GET /", attributes: { "http.request.method": "GET" } }),
];

const session = { "session.id": "1a2b3c4d-0000-4000-8000-000000000000" };
const conversation = { "conversation.id": "5e6f7a8b-0000-4000-8000-000000000000" };

const LOGS = [
  log("claude_code.api_request", {
    ...session,
    "event.sequence": 1,
    model: "claude-sonnet-4-5",
    request_id: "req_0123456789abcdef",
    cost_usd_micros: 15375,
    input_tokens: "1200",
    cache_read_tokens: 9000,
    cache_creation_tokens: 500,
    output_tokens: 480,
    duration_ms: 3200,
  }),
  log(
    "claude_code.tool_result",
    {
      ...session,
      "event.sequence": 2,
      tool_name: "Bash",
      tool_use_id: "toolu_0123456789",
      success: "false",
      error: CANARY,
      tool_parameters: CANARY,
      duration_ms: 20,
    },
    1,
  ),
  log("claude_code.user_prompt", { ...session, "event.sequence": 3, prompt: CANARY, prompt_length: 35 }, 2),
  log(
    "claude_code.tool_decision",
    { ...session, "event.sequence": 4, tool_name: "Edit", source: "user_reject" },
    3,
  ),
  log(
    "claude_code.subagent_completed",
    {
      ...session,
      "event.sequence": 5,
      agent_type: "reviewer",
      duration_ms: 1000,
      total_tokens: 5000,
      total_tool_uses: 3,
    },
    4,
  ),
  log(
    "codex.sse_event",
    {
      ...conversation,
      "event.kind": "response.completed",
      "event.timestamp": "2026-11-22T10:00:05.000Z",
      model: "gpt-5-codex",
      input_token_count: 1000,
      cached_token_count: 600,
      output_token_count: 50,
      reasoning_token_count: 30,
    },
    5,
  ),
  log(
    "codex.tool_result",
    {
      ...conversation,
      tool_name: "shell",
      call_id: "call_1",
      arguments: CANARY,
      output: CANARY,
      success: "true",
    },
    6,
  ),
  log(
    "gemini_cli.api_response",
    {
      "session.id": "gemini-1",
      model: "gemini-2.5-pro",
      input_token_count: 100,
      cached_content_token_count: 40,
      output_token_count: 10,
      thoughts_token_count: 5,
      tool_token_count: 2,
      response_text: CANARY,
    },
    7,
  ),
  log(
    "gemini_cli.tool_call",
    {
      "session.id": "gemini-1",
      function_name: "read_file",
      function_args: CANARY,
      success: true,
      decision: "reject",
    },
    8,
  ),
  log(
    "gemini_cli.agent.start",
    { "session.id": "gemini-1", agent_id: "run-1", agent_name: "investigator" },
    9,
  ),
  log(
    "gemini_cli.agent.finish",
    { "session.id": "gemini-1", agent_id: "run-1", agent_name: "investigator", terminate_reason: "GOAL" },
    10,
  ),
  { timeUnixNano: nanos(11), body: { stringValue: `an ordinary line with ${CANARY}` } },
];

const metric = (name: string, value: number): object => ({
  name,
  sum: {
    aggregationTemporality: 1,
    isMonotonic: true,
    dataPoints: [
      {
        startTimeUnixNano: nanos(0),
        timeUnixNano: nanos(60),
        asInt: String(value),
        attributes: attrs({ ...session, type: "added", prompt: CANARY }),
      },
    ],
  },
});

const METRICS = [
  metric("claude_code.token.usage", 5000),
  metric("claude_code.cost.usage", 3),
  metric("claude_code.commit.count", 2),
];

const metrics = (list: readonly unknown[]): unknown => ({
  resourceMetrics: [
    {
      resource: { attributes: attrs({ "service.name": "claude-code" }) },
      scopeMetrics: [{ scope: {}, metrics: list }],
    },
  ],
});

/** A format of one record each: its neighbours are fields that nobody knows. */
function single(payload: (beside: object) => unknown): IntakeSample {
  const unknown_fields = Object.fromEntries(GARBAGE.map((value, index) => [`unknown_${index}`, value]));
  return {
    payload: () => payload({}),
    tokens: [0, 0, 0, 0, 0],
    records: 1,
    has_content: false,
    reversed: () => payload({}),
    broken: () => payload(unknown_fields),
  };
}

export const SAMPLES: Record<AdapterName, IntakeSample> = {
  "otlp traces": sample([600 + 10 + 7, 300, 100, 70 + 5 + 3, 20], SPANS, traces),
  "otlp logs": sample([1200 + 400 + 62, 9000 + 600 + 40, 500, 480 + 50 + 15, 30 + 5], LOGS, (list) =>
    logs(list, "agents"),
  ),
  "otlp metrics": sample([0, 0, 0, 0, 0], METRICS, metrics, false),
  github: single((beside) => {
    const { event, payload } = pullRequest("opened", { body: `${CANARY}\n\nClusterfork-Feature: add-auth` });
    return { event, payload: { ...(payload as object), ...beside } };
  }),
  "claude-code hooks": {
    ...single((beside) => ({
      session_id: "0a1b2c3d-4e5f",
      prompt_id: "p-1",
      cwd: "/home/a/shop",
      hook_event_name: "UserPromptSubmit",
      prompt: CANARY,
      ...beside,
    })),
    has_content: true,
    timeless: true,
  },
};
