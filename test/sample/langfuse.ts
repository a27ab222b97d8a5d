/**
 * Recorded traces of ten agent frameworks in Langfuse's stored form, rebuilt into
 * the OTLP spans that they came from.
 *
 * What the framework sent is in `metadata.attributes`. Observations that reached
 * Langfuse by its own SDK have no attributes: for these, type, model and usage
 * are written in the GenAI conventions, as that SDK's exporter would.
 */
import { attrs, type Attrs, type Value } from "./otlp.ts";

interface Observation {
  id: string;
  parentObservationId: string | null;
  type: string;
  name: string;
  startTime: string;
  endTime: string | null;
  model: string | null;
  level: string | null;
  usageDetails: Record<string, number> | null;
  totalCost: number | null;
  metadata: unknown;
}

export interface Recorded {
  trace: { id: string; sessionId: string | null };
  observations: Observation[];
}

/** Attributes that say how many tokens were used, in any convention. */
const USAGE = /^(?:gen_ai\.usage|llm\.token_count|ai\.usage)\./;

export function rebuild({ trace, observations }: Recorded): object {
  const groups = observations.map((observation) => {
    const metadata = objectOf(observation.metadata);
    const resource = objectOf(metadata.resourceAttributes);
    const scope = objectOf(metadata.scope);
    return {
      resource: { attributes: attrs(flat(resource)) },
      scopeSpans: [
        {
          scope: { name: typeof scope.name === "string" ? scope.name : "langfuse-sdk" },
          spans: [spanOf(trace, observation, metadata)],
        },
      ],
    };
  });
  return { resourceSpans: groups };
}

function spanOf(
  trace: Recorded["trace"],
  observation: Observation,
  metadata: Record<string, unknown>,
): object {
  const attributes = { ...flat(objectOf(metadata.attributes)) };
  if (observation.type === "GENERATION" && !Object.keys(attributes).some((key) => USAGE.test(key))) {
    const { input, output, input_cache_read } = observation.usageDetails ?? {};
    attributes["gen_ai.operation.name"] ??= "chat";
    if (observation.model !== null) attributes["gen_ai.request.model"] ??= observation.model;
    if (input !== undefined) attributes["gen_ai.usage.input_tokens"] = input;
    if (output !== undefined) attributes["gen_ai.usage.output_tokens"] = output;
    if (input_cache_read !== undefined) attributes["gen_ai.usage.cache_read.input_tokens"] = input_cache_read;
  }
  if (trace.sessionId !== null) attributes["session.id"] ??= trace.sessionId;
  return {
    traceId: trace.id,
    spanId: observation.id,
    ...(observation.parentObservationId === null ? {} : { parentSpanId: observation.parentObservationId }),
    name: observation.name,
    startTimeUnixNano: nanosOf(observation.startTime),
    endTimeUnixNano: nanosOf(observation.endTime ?? observation.startTime),
    attributes: attrs(attributes),
    ...(observation.level === "ERROR" ? { status: { code: 2 } } : {}),
  };
}

const nanosOf = (time: string): string => `${Date.parse(time)}000000`;

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "string") {
    try {
      return objectOf(JSON.parse(value));
    } catch {
      // Free text where others keep an object: it holds no attributes.
      return {};
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** Langfuse keeps numbers as text; the wire has them as the senders wrote them. */
function flat(attributes: Record<string, unknown>): Attrs {
  const written: Attrs = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    const text = typeof value === "object" ? JSON.stringify(value) : (value as Value);
    written[key] = USAGE.test(key) && Number.isFinite(Number(text)) ? Number(text) : text;
  }
  return written;
}

/** Who ran and which tools were called, as read from each recording by hand. */
export const CAST: Readonly<Record<string, { agents: string[]; tools: string[] }>> = {
  agno: { agents: ["agno"], tools: ["duckduckgo_search"] },
  beeai: { agents: ["beeai-framework-main"], tools: ["search.wikipedia"] },
  crewai: { agents: ["crewai"], tools: [] },
  "google-adk": { agents: ["hello_agent"], tools: ["say_hello"] },
  koog: { agents: ["f9f77d1a-437f-4ba6-890e-b592a50cbd21"], tools: ["ByeTool", "HelloTool"] },
  // A graph recorded without attributes says neither who ran nor what was a tool.
  "langgraph-python": { agents: ["langfuse-sdk"], tools: [] },
  "microsoft-agent": { agents: ["171105b7-59dd-49c0-9677-0b95395aa46a"], tools: ["get_weather"] },
  "pydantic-ai": { agents: ["qa_agent"], tools: [] },
  "pydantic-ai-tools": {
    agents: ["evaluator_agent", "joke_agent"],
    tools: ["get_dad_joke_suggestion", "get_one_liner_suggestion", "get_pun_suggestion"],
  },
  "vercel-aisdk": { agents: ["ai"], tools: ["getWeather"] },
};

/** What Langfuse counted, of the observations that have no other with usage below: the leaves, once each. */
export function storedUsage({ observations }: Recorded): {
  input: number;
  output: number;
  cached: number;
  cost: number;
  calls: number;
} {
  const uses = (one: Observation): boolean => (one.usageDetails?.total ?? 0) > 0;
  const parents = new Map(observations.map((one) => [one.id, one.parentObservationId]));
  const above = new Set<string>();
  for (const one of observations.filter(uses)) {
    for (let id = one.parentObservationId; id !== null && id !== undefined; id = parents.get(id) ?? null)
      above.add(id);
  }
  const sum = { input: 0, output: 0, cached: 0, cost: 0, calls: 0 };
  for (const one of observations) {
    if (!uses(one) || above.has(one.id)) continue;
    sum.input += one.usageDetails?.input ?? 0;
    sum.output += one.usageDetails?.output ?? 0;
    sum.cached += one.usageDetails?.input_cache_read ?? 0;
    sum.cost += one.totalCost ?? 0;
    sum.calls += 1;
  }
  return sum;
}
