/** OTLP requests for tests, in the shape of OTLP's JSON, written as short as they can be. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Attrs = Record<string, Value>;

export function anyValue(value: Value): Record<string, unknown> {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  // 64-bit integers are text in OTLP's JSON.
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: attrs(value) } };
}

export const attrs = (of: Attrs): { key: string; value: Record<string, unknown> }[] =>
  Object.entries(of).map(([key, value]) => ({ key, value: anyValue(value) }));

export const TRACE_ID = "5b8efff798038103d269b633813fc60c";

/** 16 hex digits of a small number. */
export const spanId = (n: number): string => n.toString(16).padStart(16, "0");

/** 2026-11-22T10:00:00Z and some seconds, in nanoseconds. */
export const nanos = (s: number): string => `${BigInt(Math.round((1_795_341_600 + s) * 1000))}000000`;

export interface SpanOf {
  id: number;
  parent?: number;
  trace?: string;
  name?: string;
  /** Seconds. */
  from?: number;
  to?: number;
  attributes?: Attrs;
  error?: string;
  events?: { name: string; attributes: Attrs }[];
}

export function span(of: SpanOf): Record<string, unknown> {
  const from = of.from ?? of.id;
  return {
    traceId: of.trace ?? TRACE_ID,
    spanId: spanId(of.id),
    ...(of.parent === undefined ? {} : { parentSpanId: spanId(of.parent) }),
    name: of.name ?? "span",
    kind: 1,
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(of.to ?? from + 1),
    attributes: attrs(of.attributes ?? {}),
    ...(of.error === undefined ? {} : { status: { code: 2, message: of.error } }),
    ...(of.events === undefined
      ? {}
      : { events: of.events.map(({ name, attributes }) => ({ name, attributes: attrs(attributes) })) }),
  };
}

export function traces(spans: readonly unknown[], service = "my-agents", resource: Attrs = {}): object {
  const attributes = attrs({ "service.name": service, ...resource });
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "test" }, spans }] }] };
}

/** `at`: seconds, as of spans. */
export function log(name: string, attributes: Attrs, at = 0): Record<string, unknown> {
  return {
    timeUnixNano: nanos(at),
    body: { stringValue: name },
    attributes: attrs({ "event.name": name, ...attributes }),
  };
}

export function logs(logRecords: readonly unknown[], service: string, resource: Attrs = {}): object {
  const attributes = attrs({ "service.name": service, ...resource });
  return {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: "test" }, logRecords }] }],
  };
}

/** An agent that calls a model twice and a tool once; the sums of the run repeat the calls. */
export function agentRun(trace = TRACE_ID): object {
  return traces([
    span({
      id: 2,
      parent: 1,
      trace,
      name: "chat gpt-4o",
      from: 1,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.cache_read.input_tokens": 400,
        "gen_ai.usage.output_tokens": 100,
      },
    }),
    span({
      id: 3,
      parent: 1,
      trace,
      name: "execute_tool search",
      from: 3,
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "search",
        "gen_ai.tool.call.id": "call_1",
      },
    }),
    span({
      id: 4,
      parent: 1,
      trace,
      name: "chat gpt-4o",
      from: 5,
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 1200,
        "gen_ai.usage.output_tokens": 50,
      },
    }),
    span({
      id: 1,
      trace,
      name: "invoke_agent researcher",
      from: 0,
      to: 8,
      attributes: {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "researcher",
        "gen_ai.conversation.id": "conv-1",
        "gen_ai.usage.input_tokens": 2200,
        "gen_ai.usage.output_tokens": 150,
      },
    }),
  ]);
}
