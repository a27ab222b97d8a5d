/** Makes roots, scopes and runs out of what LangChain says at a start. */
import { textOf, type Fields } from "./foreign.ts";
import type { HandlerOptions, RunRef } from "./option.ts";
import { Steps, type Root, type Run, type Scope } from "./run.ts";

/** The longest id of agents, tasks and features that the server takes, in UTF-16 units. */
const MAX_REF_CHARS = 256;
const MAX_ROLE_CHARS = 64;

/** Names and thread ids are a user's: cut to what the server takes, without line breaks. */
export function ref(text: string, most = MAX_REF_CHARS): string {
  const plain = text.toWellFormed().replace(/\p{Cc}+/gu, " ") || "-";
  return plain.length <= most ? plain : plain.slice(0, most).toWellFormed();
}

export function runRef(run_id: string, name: string, metadata: Fields): RunRef {
  return { run_id, name: ref(name), thread_id: textOf(metadata["thread_id"]), metadata };
}

/** `otherwise` is the feature of a run for which neither its user nor LangGraph names one. */
export function createRoot(
  options: HandlerOptions,
  run: RunRef,
  otherwise: string | undefined,
  role = run.name,
): Root {
  const { run_id, thread_id } = run;
  const { feature_id } = options;
  const told = typeof feature_id === "function" ? feature_id(run) : feature_id;
  const feature = told ?? thread_id ?? otherwise;
  return {
    run_id,
    agent_id: run.name,
    role: ref(role, MAX_ROLE_CHARS),
    feature_id: feature === undefined ? undefined : ref(feature),
    session_id: ref(thread_id ?? run_id),
    saved: thread_id !== null,
    busy: new Map(),
    attempts: new Map(),
    answered: false,
    waits: false,
    failed: null,
  };
}

export function createRun(
  kind: Run["kind"],
  within: Pick<Run, "root" | "scope" | "steps">,
  name: string,
  metadata: Fields,
  tool_call_id: string | null = null,
): Run {
  const { root, scope, steps } = within;
  return { kind, root, scope, steps, name, metadata, tool_call_id, started_ms: Date.now() };
}

export function createScope(
  options: HandlerOptions,
  run_id: string,
  within: Pick<Run, "root" | "scope">,
  name: string,
  metadata: Fields,
): Scope {
  const { root, scope: around } = within;
  const path = ref(around === null ? name : `${around.path}/${name}`);
  const namespace = textOf(metadata["langgraph_checkpoint_ns"]);
  const step = metadata["langgraph_step"];
  return {
    root,
    around,
    run_id,
    path,
    role: ref(name, MAX_ROLE_CHARS),
    agent_id: ref(options.agent?.({ name, path, metadata }) ?? path),
    // `outer:uuid|inner:uuid`: the last part is LangGraph's own of the task, and the same when it is tried again.
    task_id: ref(namespace?.split("|").at(-1) ?? run_id),
    namespace,
    step: typeof step === "number" ? step : null,
    started_ms: Date.now(),
    answered: false,
    escalated: false,
    goes_to: null,
    steps: new Steps(),
  };
}
