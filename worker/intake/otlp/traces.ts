/**
 * Spans → events.
 *
 * | span                    | events                                                                   |
 * |-------------------------|--------------------------------------------------------------------------|
 * | a model call that counts| tokens_used (`counted.ts`)                                               |
 * | a model call that failed| model_call.failed                                                        |
 * | an agent's run          | a task: agent_initialized, task_created, task_started, task_completed or task_failed, agent_idle |
 * | a tool                  | tool_called                                                              |
 * | a workflow              | feature_requested                                                        |
 * | a handoff               | handoff                                                                  |
 * | a plan                  | decision_recorded                                                        |
 * | an evaluation           | test_passed, test_failed, or gen_ai.evaluation.result without a verdict  |
 */
import type { Adapter } from "../adapter.ts";
import { lookUp, word, wordOf } from "./attributes.ts";
import { contentOf } from "./content.ts";
import { countUsage, indexSpans, type Counted, type SpanIndex } from "./counted.ts";
import { tellEvaluation } from "./evaluation.ts";
import { entityName } from "./openllmetry.ts";
import { emittedTool } from "./openinference.ts";
import { createPlaces, type PlaceOf } from "./place.ts";
import { tellRun } from "./run-event.ts";
import { introduceSession, refOf, type Scene } from "./scene.ts";
import { kindOf } from "./span-kind.ts";
import { messageOf, providerOf, spanKey } from "./span-part.ts";
import { readSpans, type Span } from "./span.ts";
import { createTold, type Told } from "./told.ts";
import { costOf } from "./usage.ts";

export const tracesAdapter: Adapter<unknown> = (payload, context) => {
  const told = createTold(context);
  const { spans, refused, warnings } = readSpans(payload, context.now_ms);
  for (const one of refused) told.refuse(one);
  for (const one of warnings) told.warn(one);
  const index = indexSpans(spans);
  const placeOf = createPlaces(index, told);
  const counts = countUsage(spans, index, context);
  for (const { span, id } of counts.reserved) {
    told.event(id, span.end_ms, "usage.counted", placeOf(span), {
      metadata: { trace_id: span.trace_id },
    });
  }
  for (const call of counts.counted) tellUsage(told, call, placeOf(call.span));
  for (const _ of counts.repeated) told.ignore("a sum of calls that are counted one by one");
  for (const span of spans) tellSpan(told, span, placeOf, index);
  return told.finish();
};

function tellSpan(told: Told, span: Span, placeOf: PlaceOf, index: SpanIndex): void {
  const kind = kindOf(span);
  for (const event of span.events) tellEvaluation(told, span, event, placeOf(span));
  if (kind === null) return told.ignore("a span of no agent, tool or model call");
  const scene = placeOf(span);
  introduceSession(told, span, scene, span.start_ms);
  switch (kind) {
    case "call":
      if (span.failed) tellFailure(told, span, scene);
      return;
    case "agent":
      return tellRun(told, span, scene, index);
    case "workflow":
      return tellWorkflow(told, span, scene);
    case "tool":
      return tellTool(told, span, scene);
    case "handoff":
      return tellHandoff(told, span, scene);
    case "plan":
      return told.event(`${spanKey(span)}.plan`, span.end_ms, "decision_recorded", scene, {
        metadata: { title: word(span.name) ?? "plan", status: "proposed" },
      });
  }
}

function tellUsage(told: Told, { span, tokens, id }: Counted, scene: Scene): void {
  const { attributes } = span;
  const cost_usd = costOf(attributes);
  const request_id = wordOf("request_id", attributes);
  told.event(id, span.end_ms, "tokens_used", scene, {
    metadata: {
      model: wordOf("model", attributes),
      provider: providerOf(span),
      operation: word(attributes.get("gen_ai.operation.name")),
      request_id,
      finish_reason: finishReason(span),
      reservation_id: wordOf("reservation", attributes),
      ...(cost_usd === undefined ? {} : { cost_source: "reported" }),
      trace_id: span.trace_id,
      ...contentOf(attributes, ["prompt", "output"], told.context),
    },
    metrics: { ...tokens, cost_usd, duration_ms: span.duration_ms ?? undefined },
  });
}

function finishReason({ attributes }: Span): string | undefined {
  const reason = lookUp("finish_reason", attributes);
  if (typeof reason !== "string" || !reason.startsWith("[")) return word(reason);
  // A list that was written as JSON.
  return /^\["([\w-]+)"/.exec(reason)?.[1];
}

function tellFailure(told: Told, span: Span, scene: Scene): void {
  told.event(`${spanKey(span)}.failed`, span.end_ms, "model_call.failed", scene, {
    metadata: {
      model: wordOf("model", span.attributes),
      provider: providerOf(span),
      error_type: wordOf("error_type", span.attributes),
      ...messageOf(told, span),
    },
    metrics: { duration_ms: span.duration_ms ?? undefined },
  });
}

function tellWorkflow(told: Told, span: Span, scene: Scene): void {
  const title = wordOf("workflow", span.attributes) ?? entityName(span.attributes);
  const feature = refOf(title) ?? scene.feature_id;
  if (feature === undefined) return told.ignore("a workflow without a name");
  const { task_id: _task, ...whole } = scene;
  // One name is one feature, however often it runs.
  told.event(
    `otlp-workflow-${feature}`,
    span.start_ms,
    "feature_requested",
    { ...whole, feature_id: scene.feature_id ?? feature },
    {
      metadata: { title: title ?? feature, kind: "workflow" },
    },
  );
}

function tellTool(told: Told, span: Span, scene: Scene): void {
  const { attributes } = span;
  const tool =
    emittedTool(attributes) ?? wordOf("tool", attributes) ?? entityName(attributes) ?? toolIn(span.name);
  told.event(`${spanKey(span)}.tool`, span.end_ms, "tool_called", scene, {
    metadata: {
      tool,
      tool_call_id: wordOf("tool_call", attributes),
      success: !span.failed && !attributes.has("error.type"),
      error_type: wordOf("error_type", attributes),
      ...messageOf(told, span),
      ...contentOf(attributes, ["arguments", "result"], told.context),
    },
    metrics: { duration_ms: span.duration_ms ?? undefined },
  });
}

function toolIn(name: string): string | undefined {
  return word(name.replace(/^(?:execute_tool|running tool:|tool\.)\s*/, ""));
}

function tellHandoff(told: Told, span: Span, scene: Scene): void {
  const { attributes } = span;
  const to =
    word(attributes.get("gen_ai.transfer.target.name")) ??
    word(attributes.get("gen_ai.handoff.to_agent")) ??
    word(attributes.get("graph.node.id"));
  if (to === undefined) return told.ignore("a handoff that does not say to whom");
  const from_agent = word(attributes.get("gen_ai.handoff.from_agent")) ?? scene.agent_id;
  told.event(`${spanKey(span)}.handoff`, span.end_ms, "handoff", scene, {
    metadata: { from_agent, to_agent: to },
  });
}
