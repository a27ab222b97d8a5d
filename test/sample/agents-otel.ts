/**
 * OpenAI Agents JS into OpenTelemetry: a tracing processor, as README gives it to users. Its traces
 * have ids and parents of their own, which become attributes and parents of OTel spans.
 */
import { context, trace, type Span as OtelSpan, type Tracer } from "@opentelemetry/api";
import type { Span, SpanData, TracingProcessor } from "@openai/agents";

type Attributes = Record<string, string | number>;

export class AgentsToOtel implements TracingProcessor {
  readonly #tracer: Tracer;
  readonly #open = new Map<string, OtelSpan>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  async onTraceStart(): Promise<void> {
    // A trace begins with its first span.
  }

  async onTraceEnd(): Promise<void> {
    // And ends with its last.
  }

  async onSpanStart(span: Span<SpanData>): Promise<void> {
    const above = this.#open.get(span.parentId ?? span.traceId);
    const around = above === undefined ? context.active() : trace.setSpan(context.active(), above);
    const startTime = span.startedAt === null ? undefined : new Date(span.startedAt);
    const made = this.#tracer.startSpan(
      nameOf(span.spanData),
      startTime === undefined ? {} : { startTime },
      around,
    );
    if (above === undefined) this.#open.set(span.traceId, made);
    this.#open.set(span.spanId, made);
  }

  async onSpanEnd(span: Span<SpanData>): Promise<void> {
    const made = this.#open.get(span.spanId);
    this.#open.delete(span.spanId);
    made?.setAttributes({ ...attributesOf(span.spanData), "gen_ai.conversation.id": span.traceId });
    if (span.error !== null) made?.setStatus({ code: 2, message: span.error.message });
    made?.end();
  }

  async shutdown(): Promise<void> {
    this.#open.clear();
  }

  async forceFlush(): Promise<void> {
    // The provider's own processor sends.
  }
}

function nameOf(data: SpanData): string {
  return "name" in data ? `${data.type} ${data.name}` : data.type;
}

function attributesOf(data: SpanData): Attributes {
  if (data.type === "agent")
    return { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": data.name };
  if (data.type === "function")
    return { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": data.name };
  if (data.type === "handoff") return { "gen_ai.transfer.target.name": data.to_agent ?? "" };
  if (data.type === "generation") return callAttributes(data.model ?? "", data.usage ?? {});
  if (data.type !== "response") return {};
  const { model, usage, id } = (data._response ?? {}) as Response;
  return {
    ...callAttributes(model ?? "", usage ?? {}),
    ...(id === undefined ? {} : { "gen_ai.response.id": id }),
  };
}

interface Response {
  model?: string;
  usage?: Record<string, unknown>;
  id?: string;
}

function callAttributes(model: string, usage: Record<string, unknown>): Attributes {
  const count = (name: string): number => Number(usage[name] ?? 0);
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    "gen_ai.usage.input_tokens": count("input_tokens"),
    "gen_ai.usage.output_tokens": count("output_tokens"),
  };
}
