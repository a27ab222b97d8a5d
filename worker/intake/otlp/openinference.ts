/** OpenInference (Arize): `openinference.span.kind`. Google's ADK, CrewAI, Agno, BeeAI and LangChain speak it. */
import { word } from "./attributes.ts";
import type { SpanKind } from "./span-kind.ts";
import type { Span } from "./span.ts";
import type { Attributes } from "./value.ts";

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
  const known = typeof kind === "string" ? (KINDS.get(kind.toUpperCase()) ?? null) : null;
  const target = emittedBy(attributes);
  if (target === null || known === "call") return known;
  return known === "tool" && ENDED.test(target) ? "tool" : null;
}

/** BeeAI writes a span for each event of a run: of `tool.search.start`, `.success` and `.finish` one is the call. */
const ENDED = /\.(?:success|error)$/;

function emittedBy(attributes: Attributes): string | null {
  const target = attributes.get("target");
  return typeof target === "string" && attributes.has("name") ? target : null;
}

/** The tool's name in `tool.search.wikipedia.success`. */
export function emittedTool(attributes: Attributes): string | undefined {
  return word(
    emittedBy(attributes)
      ?.replace(/^tool\./, "")
      .replace(ENDED, ""),
  );
}
