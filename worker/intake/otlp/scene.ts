/**
 * Who did it, and what it was about, where the sender says it in its own words.
 *
 *   agent     gen_ai.agent.name and its kin, else the service
 *   task      an explicit id, else the branch, else the agent run it is in
 *   feature   an explicit id, else the branch, else the workflow, else the session
 *
 * What has none of them stays without a feature, and is shown so.
 */
import { MAX_REF_CHARS } from "../../../schema/event/limits.ts";
import { readsAsClusterfork } from "../../../schema/event/reserved-name.ts";
import { sessionWork } from "../../../schema/event/session.ts";
import { copilotAgent } from "./copilot.ts";
import { branchOf } from "../correlate.ts";
import { word, wordOf } from "./attributes.ts";
import type { Origin } from "./signal.ts";
import type { Told } from "./told.ts";
import type { Attributes } from "./value.ts";

export interface Scene {
  agent_id: string;
  agent_role?: string;
  task_id?: string;
  feature_id?: string;
  session_id?: string;
}

export type Placed = Origin & { attributes: Attributes };

/** The program that sends: `claude-code`, `gemini-cli`, … */
export function serviceOf(record: Placed): string {
  const name = word(record.resource.get("service.name"));
  // What an SDK says when nobody named the service.
  if (name !== undefined && !name.startsWith("unknown_service")) return name;
  // `openinference.instrumentation.crewai`: the library that the instrumentation is for.
  return word(record.scope.replace(/^.*\binstrumentation[./-]/, "")) ?? "unnamed";
}

/** What the record itself and its resource say; `within` adds what stands around it. */
export function sceneOf(record: Placed, told: Told, within: Partial<Scene> = {}): Scene {
  const { attributes, resource } = record;
  const service = serviceOf(record);
  const agent =
    agentName(attributes) ??
    within.agent_id ??
    agentName(resource) ??
    copilotAgent(service) ??
    refOf(service) ??
    service;
  const role =
    word(attributes.get("agent.role")) ?? wordOf("agent", attributes, resource) ?? within.agent_role;
  const session = refOf(wordOf("session", attributes, resource)) ?? within.session_id;
  const branch = wordOf("branch", attributes, resource);
  const work = branch === undefined ? {} : branchOf(told.context.settings, branch);
  const feature =
    refOf(wordOf("feature", attributes, resource)) ??
    work.feature ??
    refOf(wordOf("workflow", attributes)) ??
    within.feature_id ??
    (session === undefined ? undefined : sessionWork(session));
  const task = refOf(wordOf("task", attributes, resource)) ?? work.task ?? within.task_id;
  return {
    agent_id: agent,
    ...(role === undefined ? {} : { agent_role: role }),
    ...(task === undefined ? {} : { task_id: task }),
    ...(feature === undefined ? {} : { feature_id: feature }),
    ...(session === undefined ? {} : { session_id: session }),
  };
}

function agentName(attributes: Attributes): string | undefined {
  return refOf(wordOf("agent", attributes) ?? wordOf("agent_key", attributes));
}

/** What the envelope takes as a reference, and no name of Clusterfork's own. */
export function refOf(text: string | undefined): string | undefined {
  const ref = text?.slice(0, MAX_REF_CHARS).trim().toWellFormed();
  if (ref === undefined || ref === "") return undefined;
  return readsAsClusterfork(ref) ? `sent-${ref}`.slice(0, MAX_REF_CHARS).toWellFormed() : ref;
}

/** Characters of a session's id in its title. */
const SHORT_SESSION_CHARS = 8;

export function sessionTitle(record: Placed, session: string): string {
  return `${serviceOf(record)} session ${session.slice(0, SHORT_SESSION_CHARS)}`;
}

/**
 * Names a session that stands for a feature. Every request that mentions it says so under one id,
 * so that whichever comes first is stored and the others are duplicates.
 */
export function introduceSession(
  told: Told,
  record: Placed,
  scene: Scene,
  time_ms: number,
  id = `otlp-${scene.feature_id ?? ""}`,
): void {
  const { session_id, feature_id } = scene;
  if (session_id === undefined || feature_id !== sessionWork(session_id)) return;
  const { task_id: _task, ...whole } = scene;
  told.event(id, time_ms, "feature_requested", whole, {
    metadata: { title: sessionTitle(record, session_id), title_guessed: true, kind: "session" },
  });
}
