/** OpenInference (Arize): `openinference.span.kind`. Google's ADK, CrewAI, Agno, BeeAI and LangChain speak it. */
import type { SpanKind } from "./span-kind.ts";
import type { Span } from "./span.ts";

/** CHAIN, RETRIEVER, GUARDRAIL and the rest are steps inside: an agent's every step would be a workflow. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["LLM", "call"],
  ["EMBEDDING", "call"],
  ["RERANKER", "call"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
]);

export function openInferenceKind({ attributes }: Span): SpanKind | null {
  const kind = attributes.get("openinference.span.kind");
  return typeof kind === "string" ? (KINDS.get(kind.toUpperCase()) ?? null) : null;
}
