/**
 * What the coding agents that run in a terminal have in common: one session, one
 * main agent, logs with a name each.
 */
import { MAX_ROLE_CHARS } from "../../../schema/event/limits.ts";
import { word } from "./attributes.ts";
import type { LogRecord } from "./log-record.ts";
import { introduceSession, refOf, sceneOf, type Scene } from "./scene.ts";
import type { Told } from "./told.ts";

/** Characters of a session's id in an agent's: short enough to read, long enough to tell sessions apart. */
const SHORT_SESSION_CHARS = 8;

/** `main` and its subagents by name, as transcripts of the same session call them: `claude-code:1a2b3c4d`. */
export function terminalScene(log: LogRecord, told: Told, program: string, subagent?: string): Scene {
  const scene = sceneOf(log, told);
  const main = `${program}${scene.session_id === undefined ? "" : `:${scene.session_id.slice(0, SHORT_SESSION_CHARS)}`}`;
  const named = subagent === undefined || subagent === "main" ? undefined : subagent;
  const told_scene: Scene = {
    ...scene,
    agent_id: refOf(named === undefined ? main : `${main}/${named}`) ?? program,
    agent_role: (named ?? "main").slice(0, MAX_ROLE_CHARS),
  };
  introduceSession(told, log, told_scene, log.time_ms);
  if (told_scene.session_id !== undefined)
    introduceAgent(log, told, program, told_scene, named === undefined ? undefined : main);
  return told_scene;
}

/** Under one id in every request that mentions it, as sessions are. */
function introduceAgent(
  log: LogRecord,
  told: Told,
  program: string,
  scene: Scene,
  parent_agent?: string,
): void {
  const { task_id: _task, ...agent } = scene;
  told.event(
    `otlp-agent-${scene.session_id ?? ""}-${scene.agent_role ?? ""}`,
    log.time_ms,
    "agent_initialized",
    agent,
    {
      metadata: {
        runtime: program,
        role: scene.agent_role,
        version: word(log.attributes.get("app.version") ?? log.resource.get("service.version")),
        parent_agent,
      },
    },
  );
}

/** Of a record without an id of its own: its session and what it says, so that a retry is a duplicate. */
export function contentId(log: LogRecord, told: Told, scene: Scene): string {
  const sequence = word(log.attributes.get("event.sequence"));
  if (sequence !== undefined && scene.session_id !== undefined) return `${scene.session_id}-${sequence}`;
  return `otlp-${told.context.sha256(JSON.stringify([log.name, log.time_ms, [...log.attributes].sort(byKey)]))}`;
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
