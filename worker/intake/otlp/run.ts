/** What an agent's run is called: its agent, its task, and the task's title. */
import { word, wordOf } from "./attributes.ts";
import { entityName } from "./openllmetry.ts";
import { refOf, serviceOf } from "./scene.ts";
import type { Span } from "./span.ts";

export interface RunNames {
  agent_id: string;
  agent_role?: string;
  task_id: string;
  title: string;
}

/** `invoke_agent researcher`, `agent_run [researcher]`, `researcher run`, `Researcher.run`. */
const AROUND = /^(?:invoke_agent|agent_run|agent)\b[\s.[]*|[\s.](?:run|kickoff|_execute_core)$|\]$/g;

/** What is left of a name that named no agent: a class, or an operation. */
const OPERATIONS = /^(?:ai\.\w+|agent|run|task|crew|invoke_agent|agentexecutor|runnablesequence)?$/i;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export function runNames(span: Span): RunNames {
  const { attributes, resource, trace_id, span_id } = span;
  const written = word(span.name.replaceAll(AROUND, ""));
  // An agent without a name is called by its model, which is nobody's name.
  const nameless =
    written === undefined ||
    written === wordOf("model", attributes) ||
    OPERATIONS.test(written) ||
    UUID.test(written);
  const in_name = nameless ? undefined : written;
  const named = wordOf("agent", attributes) ?? entityName(attributes) ?? in_name;
  const key = wordOf("agent_key", attributes, resource);
  const agent_id = refOf(named ?? key) ?? refOf(serviceOf(span)) ?? "unnamed";
  const described = [named, key].find((one) => one !== undefined && !UUID.test(one)) ?? serviceOf(span);
  return {
    agent_id,
    ...(named === undefined || UUID.test(named) ? {} : { agent_role: named }),
    task_id: `${trace_id}-${span_id}`,
    title: `Run of ${described}`,
  };
}
