/** What a span stands for, told by each convention in its own file. */
import { aiSdkKind } from "./ai-sdk.ts";
import { genAiKind } from "./gen-ai.ts";
import { openInferenceKind } from "./openinference.ts";
import { openLlmetryKind } from "./openllmetry.ts";
import type { Span } from "./span.ts";

/**
 * call      one request to a model: the leaf that tokens are counted at
 * agent     a run of an agent: its usage repeats its calls'
 * workflow  a run of several agents or steps
 * tool      a call of a tool
 * handoff   one agent passes its work to another
 * plan      an agent decides what to do
 */
export type SpanKind = "call" | "agent" | "workflow" | "tool" | "handoff" | "plan";

/** The first that knows it; null for a span of something else, such as a database. */
export function kindOf(span: Span): SpanKind | null {
  return genAiKind(span) ?? aiSdkKind(span) ?? openInferenceKind(span) ?? openLlmetryKind(span);
}
