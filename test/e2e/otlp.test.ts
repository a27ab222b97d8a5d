/** OpenTelemetry's own exporters, and frameworks that use them, against the built product. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OpenTelemetry } from "@ai-sdk/otel";
import {
  Agent,
  Runner,
  setTraceProcessors,
  setTracingDisabled,
  tool as agentTool,
  Usage,
  type Model,
  type ModelResponse,
  withGenerationSpan,
} from "@openai/agents";
import { context, trace } from "@opentelemetry/api";
import { OTLPLogExporter as JsonLogs } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogs } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as JsonTraces } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraces } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BatchSpanProcessor,
  SimpleSpanProcessor,
  TracerProvider,
  type SpanExporter,
} from "@opentelemetry/sdk-trace";
import { generateText, isStepCount, tool } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { StoredEvent } from "../../schema/event/event.ts";
import { AgentsToOtel } from "../sample/agents-otel.ts";
import { CAST, rebuild, storedUsage, type Recorded } from "../sample/langfuse.ts";
import { readLog, signUp } from "./account.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

const data = dataFolder();
let server: Running;

beforeAll(async () => {
  server = await startServer(data.path);
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

/** A fresh project: its keys, where its exporters send, and what they were answered. */
async function project(team: string) {
  const { keys } = await signUp(server.url, team);
  const to = (signal: string) => ({
    url: `${server.url}/v1/otlp/v1/${signal}`,
    headers: { authorization: `Bearer ${keys.ingest}` },
  });
  const events = () => readLog(server.url, keys.read);
  const post = (signal: string, body: unknown): Promise<Response> =>
    fetch(to(signal).url, {
      method: "POST",
      headers: { ...to(signal).headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return { to, events, post };
}

const resource = resourceFromAttributes({ "service.name": "exporter-test" });
const METRICS = ["input_tokens", "cache_read_tokens", "output_tokens"] as const;

function usageOf(events: readonly StoredEvent[]): number[] {
  const calls = events.filter((event) => event.event_type === "tokens_used");
  return METRICS.map((name) => calls.reduce((sum, { metrics }) => sum + (metrics?.[name] ?? 0), 0));
}
const typesOf = (events: readonly StoredEvent[]): string[] => events.map((event) => event.event_type);

/** An agent, two calls, a tool; children end first, as they do. */
function runAgent(provider: TracerProvider): void {
  const tracer = provider.getTracer("test");
  const run = tracer.startSpan("invoke_agent planner", {
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "planner",
      "gen_ai.usage.input_tokens": 300,
      "gen_ai.usage.output_tokens": 30,
    },
  });
  const inside = trace.setSpan(context.active(), run);
  for (const n of [1, 2]) {
    const chat = tracer.startSpan(
      "chat",
      { attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" } },
      inside,
    );
    chat.setAttributes({ "gen_ai.usage.input_tokens": 100 * n, "gen_ai.usage.output_tokens": 10 * n });
    chat.end();
  }
  tracer
    .startSpan(
      "execute_tool ls",
      { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "ls" } },
      inside,
    )
    .end();
  run.end();
}

describe("OpenTelemetry's exporters", () => {
  it.each<[string, (to: { url: string; headers: Record<string, string> }) => SpanExporter]>([
    ["JSON", (to) => new JsonTraces(to)],
    ["protobuf", (to) => new ProtoTraces(to)],
    ["gzip", (to) => new ProtoTraces({ ...to, compression: "gzip" as never })],
  ])(
    "[M1] send spans as %s, in one batch and one by one, and the tokens are counted once",
    async (name, make) => {
      for (const batched of [true, false]) {
        const { to, events } = await project(`spans ${name} ${String(batched)}`);
        const exporter = make(to("traces"));
        const processor = batched
          ? new BatchSpanProcessor({ exporter })
          : new SimpleSpanProcessor({ exporter });
        const provider = new TracerProvider({ resource, spanProcessors: [processor] });
        runAgent(provider);
        await provider.forceFlush();
        await provider.shutdown();
        const stored = await events();
        expect(usageOf(stored), `batched: ${String(batched)}`).toEqual([300, 0, 30]);
        expect(typesOf(stored)).toEqual(
          expect.arrayContaining(["tool_called", "task_created", "task_completed", "agent_idle"]),
        );
      }
    },
  );

  it.each([
    ["JSON", (to: { url: string; headers: Record<string, string> }) => new JsonLogs(to)],
    ["protobuf", (to: { url: string; headers: Record<string, string> }) => new ProtoLogs(to)],
  ])("send log records as %s", async (name, make) => {
    const { to, events } = await project(`logs ${name}`);
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ "service.name": "claude-code" }),
      processors: [new SimpleLogRecordProcessor({ exporter: make(to("logs")) })],
    });
    provider.getLogger("com.anthropic.claude_code.events").emit({
      body: "claude_code.api_request",
      attributes: {
        "event.name": "api_request",
        "event.sequence": 1,
        "session.id": "11112222-0000-4000-8000-000000000000",
        model: "claude-sonnet-4-5",
        request_id: "req_exporter_test_1",
        cost_usd: 0.015375,
        input_tokens: 1200,
        cache_read_tokens: 9000,
        cache_creation_tokens: 500,
        output_tokens: 480,
      },
    });
    await provider.forceFlush();
    await provider.shutdown();
    const call = (await events()).find((event) => event.event_type === "tokens_used");
    expect(call).toMatchObject({
      id: "req_exporter_test_1",
      agent_id: "claude-code:11112222",
      feature_id: "session-11112222-0000-4000-8000-000000000000",
      metadata: { cost_source: "reported" },
      metrics: {
        input_tokens: 1200,
        cache_read_tokens: 9000,
        cache_write_tokens: 500,
        output_tokens: 480,
        cost_usd: 0.015375,
      },
    });
  });

  it("[M1] send metrics, whose tokens are not added", async () => {
    const { to, events } = await project("metrics");
    const exporter = new OTLPMetricExporter({
      ...to("metrics"),
      temporalityPreference: AggregationTemporality.DELTA as never,
    });
    const reader = new PeriodicExportingMetricReader({ exporter });
    const provider = new MeterProvider({ resource, readers: [reader] });
    const meter = provider.getMeter("com.anthropic.claude_code");
    meter.createCounter("claude_code.token.usage").add(5000, { "session.id": "s1", type: "input" });
    meter.createCounter("claude_code.commit.count").add(2, { "session.id": "s1" });
    await provider.forceFlush();
    await provider.shutdown();
    const stored = await events();
    expect(stored.filter((event) => event.event_type === "claude_code.commit.count")).toMatchObject([
      { metrics: { value: 2 } },
    ]);
    expect(usageOf(stored)).toEqual([0, 0, 0]);
  });
});

describe("frameworks", () => {
  it("[M1] AI SDK 7 with @ai-sdk/otel", async () => {
    const { to, events } = await project("ai sdk");
    const provider = new TracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor({ exporter: new ProtoTraces(to("traces")) })],
    });
    const usage = (input: number, output: number) => ({
      inputTokens: { total: input, noCache: input - 5, cacheRead: 5, cacheWrite: 0 },
      outputTokens: { total: output, text: output, reasoning: 0 },
    });
    const reply = { warnings: [], response: { modelId: "gpt-4o" } };
    const model = new MockLanguageModelV4({
      provider: "openai",
      modelId: "gpt-4o",
      doGenerate: [
        {
          ...reply,
          content: [
            { type: "tool-call", toolCallId: "call_1", toolName: "weather", input: `{"city":"Oslo"}` },
          ],
          finishReason: { unified: "tool-calls", raw: "tool_calls" },
          usage: usage(20, 10),
        },
        {
          ...reply,
          content: [{ type: "text", text: "Cold. CANARY-ANSWER" }],
          finishReason: { unified: "stop", raw: "stop" },
          usage: usage(40, 6),
        },
      ],
    });
    await generateText({
      model,
      prompt: "CANARY-PROMPT: the weather in Oslo?",
      stopWhen: isStepCount(3),
      tools: { weather: tool({ inputSchema: z.object({ city: z.string() }), execute: () => "2 °C" }) },
      telemetry: {
        functionId: "forecaster",
        integrations: [new OpenTelemetry({ tracer: provider.getTracer("ai") })],
      },
    });
    await provider.forceFlush();
    await provider.shutdown();
    const stored = await events();
    expect(usageOf(stored)).toEqual([50, 10, 16]);
    const called = stored.find((event) => event.event_type === "tool_called");
    expect(called).toMatchObject({ agent_id: "forecaster", metadata: { tool: "weather", success: true } });
    expect(stored.find((event) => event.event_type === "task_created")?.metadata?.title).toBe(
      "Run of forecaster",
    );
    expect(JSON.stringify(stored)).not.toContain("CANARY");
  });

  it("[M1] OpenAI Agents JS by its tracing processor", async () => {
    const { to, events } = await project("agents js");
    const provider = new TracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor({ exporter: new ProtoTraces(to("traces")) })],
    });
    // Off by default where NODE_ENV is "test".
    setTracingDisabled(false);
    setTraceProcessors([new AgentsToOtel(provider.getTracer("openai-agents"))]);
    const answers: ModelResponse["output"][] = [
      [{ type: "function_call", callId: "call_1", name: "lookup", arguments: "{}", status: "completed" }],
      [
        {
          type: "message",
          role: "assistant",
          status: "completed",
          content: [{ type: "output_text", text: "done" }],
        },
      ],
    ];
    const model: Model = {
      getResponse: () =>
        withGenerationSpan(async (span) => {
          span.spanData.model = "gpt-4o";
          span.spanData.usage = { input_tokens: 30, output_tokens: 4 };
          return {
            usage: new Usage({ inputTokens: 30, outputTokens: 4, totalTokens: 34, requests: 1 }),
            output: answers.shift() ?? [],
          };
        }),
      getStreamedResponse: () => {
        throw new Error("not streamed here");
      },
    };
    const lookup = agentTool({
      name: "lookup",
      description: "Looks it up.",
      parameters: z.object({}),
      execute: () => "found",
    });
    const agent = new Agent({ name: "Researcher", model, tools: [lookup] });
    await new Runner({ tracingDisabled: false }).run(agent, "go");
    await provider.forceFlush();
    await provider.shutdown();
    const stored = await events();
    expect(usageOf(stored)).toEqual([60, 0, 8]);
    expect(stored.find((event) => event.event_type === "tool_called")?.metadata?.tool).toBe("lookup");
    expect(stored.find((event) => event.event_type === "task_created")?.metadata?.title).toBe(
      "Run of Researcher",
    );
  });
});

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const read = (path: string): unknown => JSON.parse(readFileSync(join(DATA, path), "utf8"));

describe.skipIf(!existsSync(join(DATA, "otlp-proto-examples")))("OpenTelemetry's own examples", () => {
  it.each([
    ["trace.json", "traces"],
    ["logs.json", "logs"],
    ["events.json", "logs"],
    ["metrics.json", "metrics"],
  ])("%s is taken whole", async (file, signal) => {
    const { post } = await project(`example ${file}`);
    const reply = await post(signal, read(`otlp-proto-examples/${file}`));
    expect([reply.status, await reply.text()]).toEqual([200, "{}"]);
  });
});

const LANGFUSE = join(DATA, "langfuse-traces");
describe.skipIf(!existsSync(LANGFUSE))("recorded traces of ten frameworks", () => {
  const files = existsSync(LANGFUSE)
    ? readdirSync(LANGFUSE).filter((name) => name.endsWith(".trace.json"))
    : [];
  it.each(files)(
    "[M1] %s gives its agents, its tools and the tokens that were stored, once",
    async (file) => {
      const recorded = read(`langfuse-traces/${file}`) as Recorded;
      const { post, events } = await project(file);
      const sent = rebuild(recorded);
      for (let time = 0; time < 2; time++) expect((await post("traces", sent)).status).toBe(200);
      const { input, cached, output, calls } = storedUsage(recorded);
      const stored = await events();
      expect(usageOf(stored)).toEqual([input - cached, cached, output]);
      expect(typesOf(stored).filter((type) => type === "tokens_used")).toHaveLength(calls);
      const tools = stored.flatMap(({ metadata }) =>
        typeof metadata?.tool === "string" ? [metadata.tool] : [],
      );
      const agents = [...new Set(stored.map((event) => event.agent_id))].sort();
      expect({ agents, tools: tools.sort() }).toEqual(CAST[file.replace(/-\d{4}-.*$/, "")]);
    },
  );
});
