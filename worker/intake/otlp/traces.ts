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
import { lookUp, wordOf, word } from "./attributes.ts";
import { ancestorsOf, countUsage, indexSpans, type Counted, type SpanIndex } from "./counted.ts";
import { contentOf, keep } from "./content.ts";
import { tellEvaluation } from "./evaluation.ts";
import { runNames, type RunNames } from "./run.ts";
import { introduceSession, refOf, sceneOf, serviceOf, type Scene } from "./scene.ts";
import { kindOf, type SpanKind } from "./span-kind.ts";
import { readSpans, type Span } from "./span.ts";
import { createTold, type Told } from "./told.ts";
import { costOf } from "./usage.ts";

export const tracesAdapter: Adapter<unknown> = (payload, context) => {
  const told = createTold(context);
  const { spans, refused, warnings } = readSpans(payload, context.now_ms);
  for (const one of refused) told.refuse(one);
  for (const one of warnings) told.warn(one);
  const index = indexSpans(spans);
  const counts = countUsage(spans, index, context);
  for (const { span, id } of counts.reserved) {
    told.event(id, span.end_ms, "usage.counted", placeOf(span, index, told), {
      metadata: { trace_id: span.trace_id },
    });
  }
  for (const call of counts.counted) tellUsage(told, call, placeOf(call.span, index, told));
  for (const _ of counts.repeated) told.ignore("a sum of calls that are counted one by one");
  for (const span of spans) tellSpan(told, span, kindOf(span), index);
  return told.finish();
};

function tellSpan(told: Told, span: Span, kind: SpanKind | null, index: SpanIndex): void {
  for (const event of span.events) tellEvaluation(told, span, event, placeOf(span, index, told));
  if (kind === null) return told.ignore("a span of no agent, tool or model call");
  const scene = placeOf(span, index, told);
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
      return told.event(`${idOf(span)}.plan`, span.end_ms, "decision_recorded", scene, {
        metadata: { title: word(span.name) ?? "plan", status: "proposed" },
      });
  }
}

const idOf = ({ trace_id, span_id }: Span): string => `${trace_id}-${span_id}`;

/** Who and where, with what the runs around it say, as far as they are in the request. */
function placeOf(span: Span, index: SpanIndex, told: Told): Scene {
  const around = [...ancestorsOf(span, index)];
  const own = kindOf(span) === "agent" ? runNames(span) : null;
  const run = around.find((one) => kindOf(one) === "agent");
  const names: RunNames | null = own ?? (run === undefined ? null : runNames(run));
  // The nearest one that says it: a session or a workflow holds for all that is inside.
  let within: Partial<Scene> = {};
  for (const one of around) {
    const { feature_id, session_id, task_id } = sceneOf(one, told);
    within = { ...defined({ feature_id, session_id, task_id }), ...within };
  }
  return sceneOf(span, told, { ...(names === null ? {} : names), ...within, ...(own === null ? {} : own) });
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function tellUsage(told: Told, { span, tokens, id }: Counted, scene: Scene): void {
  const { attributes } = span;
  const cost_usd = costOf(attributes);
  const request_id = wordOf("request_id", attributes);
  const { operation } = { operation: word(attributes.get("gen_ai.operation.name")) };
  told.event(id, span.end_ms, "tokens_used", scene, {
    metadata: {
      model: wordOf("model", attributes),
      provider: providerOf(span),
      operation,
      request_id,
      finish_reason: finishReason(span),
      ...(cost_usd === undefined ? {} : { cost_source: "reported" }),
      trace_id: span.trace_id,
      ...contentOf(attributes, ["prompt", "output"], told.context),
    },
    metrics: { ...tokens, cost_usd, duration_ms: span.duration_ms ?? undefined },
  });
}

/** The AI SDK says `openai.responses`, which is the provider and its API. */
function providerOf({ attributes }: Span): string | undefined {
  const provider = wordOf("provider", attributes);
  return attributes.has("ai.model.provider") ? provider?.split(".")[0] : provider?.toLowerCase();
}

function finishReason({ attributes }: Span): string | undefined {
  const reason = lookUp("finish_reason", attributes);
  if (typeof reason !== "string" || !reason.startsWith("[")) return word(reason);
  // A list that was written as JSON.
  return /^\["([\w-]+)"/.exec(reason)?.[1];
}

function tellFailure(told: Told, span: Span, scene: Scene): void {
  told.event(`${idOf(span)}.failed`, span.end_ms, "model_call.failed", scene, {
    metadata: {
      model: wordOf("model", span.attributes),
      provider: providerOf(span),
      error_type: wordOf("error_type", span.attributes),
      ...messageOf(told, span),
    },
    metrics: { duration_ms: span.duration_ms ?? undefined },
  });
}

/** A status quotes what went wrong, which is often what was said. */
function messageOf(told: Told, span: Span): { message?: ReturnType<typeof keep> } {
  return span.message === "" ? {} : { message: keep(span.message, told.context) };
}

function tellRun(told: Told, span: Span, scene: Scene, index: SpanIndex): void {
  const { attributes, start_ms, end_ms } = span;
  const id = idOf(span);
  const outer = [...ancestorsOf(span, index)].find((one) => kindOf(one) === "agent");
  const above = outer === undefined ? undefined : runNames(outer);
  told.event(`${id}.agent`, start_ms, "agent_initialized", scene, {
    metadata: {
      model: wordOf("model", attributes),
      provider: providerOf(span),
      role: scene.agent_role,
      runtime: serviceOf(span),
      parent_agent: above?.agent_id,
    },
  });
  if (scene.task_id === runNames(span).task_id) tellRunTask(told, span, scene, above);
  const { task_id: _task, ...agent } = scene;
  told.event(`${id}.idle`, end_ms, "agent_idle", agent, { metadata: { reason: "run ended" } });
}

/** A run is a task of its own, unless the sender said which task it is about: that one is not ours to begin or end. */
function tellRunTask(told: Told, span: Span, scene: Scene, above: RunNames | undefined): void {
  const { attributes, start_ms, end_ms } = span;
  const id = idOf(span);
  told.event(`${id}.created`, start_ms, "task_created", scene, {
    metadata: {
      title: runNames(span).title,
      kind: "agent-run",
      assignee: scene.agent_id,
      parent_id: above?.task_id,
    },
  });
  told.event(`${id}.started`, start_ms, "task_started", scene, {});
  const failed = span.failed || attributes.has("error.type");
  told.event(`${id}.ended`, end_ms, failed ? "task_failed" : "task_completed", scene, {
    metadata: {
      ...(failed ? { reason: wordOf("error_type", attributes) ?? "error" } : {}),
      ...(failed ? messageOf(told, span) : {}),
      ...contentOf(attributes, ["prompt", "output"], told.context),
    },
    metrics: { duration_ms: span.duration_ms ?? undefined },
  });
}

function tellWorkflow(told: Told, span: Span, scene: Scene): void {
  const title = wordOf("workflow", span.attributes) ?? word(span.attributes.get("traceloop.entity.name"));
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
    wordOf("tool", attributes) ?? word(attributes.get("traceloop.entity.name")) ?? toolIn(span.name);
  told.event(`${idOf(span)}.tool`, span.end_ms, "tool_called", scene, {
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
  told.event(`${idOf(span)}.handoff`, span.end_ms, "handoff", scene, {
    metadata: { from_agent, to_agent: to },
  });
}
