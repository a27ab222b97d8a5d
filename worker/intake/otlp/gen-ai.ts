/**
 * OpenTelemetry's GenAI conventions, in all their spellings: `gen_ai.operation.name` says what a
 * span is. Copilot, @ai-sdk/otel, AutoGen, Koog and Microsoft's Agent Framework speak them.
 */
import type { SpanKind } from "./span-kind.ts";
import type { Span } from "./span.ts";
import { wordOf } from "./attributes.ts";
import { tokensOf } from "./usage.ts";

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["chat", "call"],
  ["text_completion", "call"],
  ["completion", "call"],
  ["generate_content", "call"],
  ["embeddings", "call"],
  ["embedding", "call"],
  ["rerank", "call"],
  ["responses", "call"],
  ["invoke_agent", "agent"],
  ["agent", "agent"],
  ["invoke_workflow", "workflow"],
  ["workflow", "workflow"],
  ["execute_tool", "tool"],
  ["function", "tool"],
  ["handoff", "handoff"],
  ["transfer", "handoff"],
  ["plan", "plan"],
]);

/** Of an operation that says nothing of what was done: `create_agent`, `retrieval`. */
const SILENT = new Set(["create_agent", "retrieval", "step"]);

export function genAiKind({ attributes, name }: Span): SpanKind | null {
  const operation = attributes.get("gen_ai.operation.name");
  if (attributes.has("gen_ai.transfer.target.name")) return "handoff";
  if (typeof operation === "string") {
    const kind = KINDS.get(operation.toLowerCase());
    if (kind !== undefined) return kind;
    if (SILENT.has(operation.toLowerCase())) return null;
  }
  // Senders that came before the operation had a name.
  if (attributes.has("gen_ai.tool.name") && !attributes.has("gen_ai.request.model")) return "tool";
  if (attributes.has("gen_ai.response.model") || attributes.has("gen_ai.response.finish_reasons"))
    return "call";
  if (
    attributes.has("gen_ai.request.model") &&
    wordOf("agent", attributes) === undefined &&
    tokensOf(attributes) !== null
  ) {
    return "call";
  }
  if (wordOf("agent", attributes) !== undefined && /\brun\b/.test(name)) return "agent";
  return null;
}
