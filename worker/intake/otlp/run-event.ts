/** The events of an agent's run: the agent, and a task for what it was asked to do. */
import { wordOf } from "./attributes.ts";
import { contentOf } from "./content.ts";
import { ancestorsOf, type SpanIndex } from "./counted.ts";
import { MAX_ASKED } from "./place.ts";
import { runNames, type RunNames } from "./run.ts";
import { serviceOf, type Scene } from "./scene.ts";
import { kindOf } from "./span-kind.ts";
import { messageOf, providerOf, spanKey } from "./span-part.ts";
import type { Span } from "./span.ts";
import type { Told } from "./told.ts";

export function tellRun(told: Told, span: Span, scene: Scene, index: SpanIndex): void {
  const { attributes, start_ms, end_ms } = span;
  const id = spanKey(span);
  const outer = outerRun(span, index);
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
  if (isOwnTask(span, scene)) tellRunTask(told, span, scene, above);
  const { task_id: _task, ...agent } = scene;
  told.event(`${id}.idle`, end_ms, "agent_idle", agent, { metadata: { reason: "run ended" } });
}

/** The sender's id of a task on the run itself says that the run is that task; on its surroundings, that it is a part of it. */
function isOwnTask(span: Span, scene: Scene): boolean {
  if (scene.task_id === runNames(span).task_id) return true;
  return ["task_id", "task.id"].some((key) => span.attributes.get(key) === scene.task_id);
}

/** A run is a task of its own, unless the sender said which task it is about: that one is not ours to begin or end. */
function tellRunTask(told: Told, span: Span, scene: Scene, above: RunNames | undefined): void {
  const { attributes, start_ms, end_ms } = span;
  const id = spanKey(span);
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

/** Iterates by hand: the way up may be long, and an array of it for each run would be as long again. */
function outerRun(span: Span, index: SpanIndex): Span | undefined {
  let asked = 0;
  for (const one of ancestorsOf(span, index)) {
    if (kindOf(one) === "agent") return one;
    if (++asked > MAX_ASKED) return undefined;
  }
  return undefined;
}
