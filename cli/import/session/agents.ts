/**
 * Who speaks. A session has one main agent, and subagents with a type of their
 * own. Earlier versions wrote subagents into the session's own file, without an
 * id: there the first line of the side chain stands for the agent.
 */
import { sessionAgent } from "../../../schema/event/session.ts";
import { text } from "../json-field.ts";
import type { TranscriptRecord } from "./record.ts";

/** Key of the main agent among the agents of a session. */
export const MAIN = "";
const MAX_ROLE_CHARS = 64;
/** Characters of a prompt by which a side chain finds the call that began it. */
const COMPARED_CHARS = 200;

export interface Cast {
  /** Agent's key for each record; `MAIN` for the main agent. */
  keyOf: (record: TranscriptRecord) => string;
  roleOf: (key: string) => string;
}

/** The main agent, or one that it started. */
export function agentId(tool: string, session: string, key: string): string {
  const main = sessionAgent(tool, session);
  return key === MAIN ? main : `${main}/${key.replace(/[^\x21-\x7e]+/g, "-").slice(0, 100)}`;
}

export function castOf(records: readonly TranscriptRecord[], given: ReadonlyMap<string, string>): Cast {
  const chains = new Map<string, string>();
  const roles = new Map<string, string>(given);
  const types = new Map<string, string>();
  const prompts = new Map<string, string>();
  /** Tool call that started a subagent → its key. */
  const started = new Map<string, string>();
  const keyOf = (record: TranscriptRecord): string => {
    if (!record.sidechain) return MAIN;
    if (record.agent !== null) return record.agent;
    return (record.uuid === null ? undefined : chains.get(record.uuid)) ?? "sidechain";
  };

  for (const record of records) {
    if (record.sidechain && record.agent === null && record.uuid !== null) {
      const above = record.parent === null ? undefined : chains.get(record.parent);
      chains.set(record.uuid, above ?? record.uuid.slice(0, 8));
    }
    const key = keyOf(record);
    if (key !== MAIN && record.agent_type !== null) roles.set(key, record.agent_type);
    if (record.spawned_by !== null) started.set(record.spawned_by, key);
    const { said } = record;
    if (said.kind !== "assistant") continue;
    for (const use of said.uses) {
      if (use.name !== "Task" && use.name !== "Agent") continue;
      types.set(use.id, text(use.input["subagent_type"]) ?? "general-purpose");
      const prompt = text(use.input["prompt"]);
      if (prompt !== null) prompts.set(prompt.slice(0, COMPARED_CHARS), use.id);
    }
  }
  for (const record of records) {
    const { said } = record;
    if (said.kind !== "user") continue;
    const key = keyOf(record);
    for (const result of said.results) {
      const agent = text(result.details["agentId"]);
      if (agent !== null && types.has(result.id)) started.set(result.id, agent);
    }
    const call = said.prompt === null ? undefined : prompts.get(said.prompt.trim().slice(0, COMPARED_CHARS));
    if (key !== MAIN && call !== undefined && !started.has(call)) started.set(call, key);
  }
  for (const [call, key] of started) {
    const type = types.get(call);
    if (type !== undefined && !roles.has(key)) roles.set(key, type);
  }
  return {
    keyOf,
    roleOf: (key) => (key === MAIN ? "main" : (roles.get(key) ?? "subagent").slice(0, MAX_ROLE_CHARS)),
  };
}
