/**
 * The AI SDK's own spans (versions 4 to 6): `ai.generateText` with `ai.generateText.doGenerate`
 * and `ai.toolCall` inside. Version 7 with @ai-sdk/otel speaks the GenAI conventions.
 */
import { wordOf } from "./attributes.ts";
import { GEN_AI_COUNTING, type Counting } from "./usage.ts";
import type { SpanKind } from "./span-kind.ts";
import type { Span } from "./span.ts";
import type { Attributes } from "./value.ts";

export function aiSdkKind({ attributes }: Span): SpanKind | null {
  const operation = attributes.get("ai.operationId");
  if (typeof operation !== "string") return null;
  if (operation === "ai.toolCall") return "tool";
  // Outer spans repeat what the calls inside used: a run, named by its functionId where it has one.
  return /\.do[A-Z]\w*$/.test(operation) ? "call" : "agent";
}

/** Version 5 passes on what the provider said, and Anthropic excludes what was cached. */
export function aiSdkCounting(attributes: Attributes): Counting {
  const anthropic = wordOf("provider", attributes)?.startsWith("anthropic") === true;
  const raw = attributes.has("ai.usage.cachedInputTokens") && !hasDetails(attributes);
  return anthropic && raw ? { ...GEN_AI_COUNTING, cache: "excluded" } : GEN_AI_COUNTING;
}

function hasDetails(attributes: Attributes): boolean {
  return [...attributes.keys()].some((key) => key.startsWith("ai.usage.inputTokenDetails."));
}
