/** OpenLLMetry (Traceloop): `traceloop.span.kind` for what its decorators wrap, `llm.request.type` for model calls. */
import { word } from "./attributes.ts";
import type { SpanKind } from "./span-kind.ts";
import type { Span } from "./span.ts";
import type { Attributes } from "./value.ts";

/** A `task` is a step of a workflow, as CHAIN is in OpenInference. */
const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["workflow", "workflow"],
  ["agent", "agent"],
  ["tool", "tool"],
]);

export function openLlmetryKind({ attributes }: Span): SpanKind | null {
  const kind = attributes.get("traceloop.span.kind");
  if (typeof kind === "string") return KINDS.get(kind) ?? null;
  return attributes.has("llm.request.type") ? "call" : null;
}

/** The name of what a decorator wraps, which is an agent's, a tool's or a workflow's. */
export function entityName(attributes: Attributes): string | undefined {
  return word(attributes.get("traceloop.entity.name"));
}
