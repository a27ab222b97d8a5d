/**
 * What the coding agents that run in a terminal have in common: one session, one
 * main agent, logs with a name each.
 */
import { MAX_ROLE_CHARS } from "../../../schema/event/limits.ts";
import { sessionAgent, sessionWork } from "../../../schema/event/session.ts";
import { sessionEventId } from "../claude-code/scene.ts";
import { word } from "./attributes.ts";
import type { LogRecord } from "./log-record.ts";
import { introduceSession, refOf, sceneOf, sessionTitle, type Scene } from "./scene.ts";
import type { Told } from "./told.ts";

/**
 * `main` and its subagents by name, its task the session where nothing else is named: as transcripts and hooks of
 * the same session call them (schema/event/session.ts).
 */
export function terminalScene(log: LogRecord, told: Told, program: string, subagent?: string): Scene {
  const scene = sceneOf(log, told);
  const { session_id } = scene;
  const main: Scene = {
    ...scene,
    agent_id: (session_id === undefined ? undefined : refOf(sessionAgent(program, session_id))) ?? program,
    agent_role: MAIN,
    ...(session_id === undefined || scene.task_id !== undefined ? {} : { task_id: sessionWork(session_id) }),
  };
  const named = subagent === undefined || subagent === MAIN ? undefined : subagent;
  if (session_id !== undefined) introduce(told, log, program, session_id, main);
  if (named === undefined) return main;
  const member: Scene = {
    ...main,
    agent_id: refOf(`${main.agent_id}/${named}`) ?? program,
    agent_role: named.slice(0, MAX_ROLE_CHARS),
  };
  if (session_id !== undefined)
    initialize(
      told,
      log,
      program,
      member,
      `otlp-agent-${session_id}-${member.agent_role ?? ""}`,
      main.agent_id,
    );
  return member;
}

const MAIN = "main";

/** The session's feature, task and main agent, under one id each in every request that mentions them. */
function introduce(told: Told, log: LogRecord, program: string, session: string, main: Scene): void {
  const { time_ms } = log;
  // Hooks tell the same: whichever comes first is stored.
  const idOf = (event_type: string) =>
    program === "claude-code"
      ? sessionEventId(session, event_type)
      : `otlp-${event_type}-${sessionWork(session)}`;
  introduceSession(told, log, main, time_ms, idOf("feature_requested"));
  if (main.task_id === sessionWork(session)) {
    const metadata = {
      title: sessionTitle(log, session),
      title_guessed: true,
      kind: "session",
      assignee: main.agent_id,
    };
    told.event(idOf("task_created"), time_ms, "task_created", main, { metadata });
    told.event(idOf("task_started"), time_ms, "task_started", main);
  }
  initialize(told, log, program, main, idOf("agent_initialized"));
}

function initialize(
  told: Told,
  log: LogRecord,
  program: string,
  scene: Scene,
  id: string,
  parent_agent?: string,
): void {
  const { task_id: _task, ...agent } = scene;
  told.event(id, log.time_ms, "agent_initialized", agent, {
    metadata: {
      runtime: program,
      role: scene.agent_role,
      version: word(log.attributes.get("app.version") ?? log.resource.get("service.version")),
      parent_agent,
    },
  });
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
