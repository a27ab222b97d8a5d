/**
 * Where a hook event of Claude Code happened: which agent of which session.
 * Sessions, agents and tasks are called as its telemetry and the transcripts'
 * importer call them (schema/event/session.ts), so that all tell of the same work.
 */
import type { Json } from "../../../schema/event/event.ts";
import { MAX_ID_CHARS, MAX_ROLE_CHARS } from "../../../schema/event/limits.ts";
import { sessionAgent, sessionWork } from "../../../schema/event/session.ts";
import type { IntakeContext } from "../adapter.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { textIn, type Payload } from "../payload.ts";

/** Longest id of a session, in characters: tasks of the session begin with it. */
const MAX_SESSION_CHARS = 100;
const MAX_NAME_CHARS = 100;
/** Characters of a digest that stands for a payload. */
const DIGEST_CHARS = 20;
/** A tool's own id, which is the event's: the same in a transcript. */
const PLAIN_ID = /^[\x21-\x7e]{1,110}$/;

export interface Scene {
  payload: Payload;
  context: IntakeContext;
  session: string;
  agent_id: string;
  role: string;
  /** The agent that a person talks to. */
  main_agent: string;
  session_task: string;
  feature: string;
}

export interface Saying {
  /** What makes it this event and no other, within the session; or an id that Claude Code gave. */
  key: string | { id: string };
  agent_id?: string;
  role?: string;
  /** Absent: the task that the session is; null: no task. */
  task?: string | null;
  metadata?: Record<string, Json | null | undefined>;
  metrics?: Record<string, number | null | undefined>;
}

export function sceneOf(payload: Payload, context: IntakeContext): Scene | null {
  const given = textIn(payload, "session_id");
  if (given === null) return null;
  const session = plain(given).slice(0, MAX_SESSION_CHARS);
  const main_agent = sessionAgent("claude-code", session);
  const subagent = textIn(payload, "agent_id");
  return {
    payload,
    context,
    session,
    main_agent,
    agent_id: subagent === null ? main_agent : memberOf(main_agent, subagent),
    role: subagent === null ? "main" : roleOf(payload),
    session_task: sessionWork(session),
    feature: sessionWork(session),
  };
}

export function memberOf(main_agent: string, name: string): string {
  return `${main_agent}/${plain(name).slice(0, MAX_NAME_CHARS)}`;
}

export function roleOf(payload: Payload): string {
  return textIn(payload, "agent_type", MAX_ROLE_CHARS)?.replace(/\p{Cc}/gu, " ") ?? "subagent";
}

/** The folder's name; worktrees inside a repository are that repository. */
export function repositoryOf(cwd: string | null): string {
  const root = cwd?.replace(/[\\/](?:\.claude[\\/]worktrees|\.?worktrees)[\\/].*$/, "");
  const name = root?.split(/[\\/]/).findLast((part) => part !== "");
  return plain(name ?? "project").slice(0, MAX_NAME_CHARS);
}

export function plain(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, "-");
}

/** An event of the scene. Hooks carry no clock: it happens when it arrives. */
export function say(scene: Scene, event_type: string, saying: Saying): OutgoingEvent {
  const { key, task = scene.session_task } = saying;
  const metadata = known(saying.metadata);
  const metrics = known(saying.metrics);
  return {
    id: idOf(scene, event_type, key),
    timestamp: new Date(scene.context.now_ms).toISOString(),
    event_type,
    agent_id: saying.agent_id ?? scene.agent_id,
    agent_role: saying.role ?? scene.role,
    ...(task === null ? {} : { task_id: task }),
    feature_id: scene.feature,
    session_id: scene.session,
    ...(metadata === undefined ? {} : { metadata }),
    ...(metrics === undefined ? {} : { metrics }),
  };
}

function idOf({ session, context }: Scene, event_type: string, key: Saying["key"]): string {
  if (typeof key !== "string" && PLAIN_ID.test(key.id)) return key.id;
  const id = `cc-${session}-${event_type}-${typeof key === "string" ? key : key.id}`;
  if (id.length <= MAX_ID_CHARS && PLAIN_ID.test(id)) return id;
  return `cc-${context.sha256(id).slice(0, 2 * DIGEST_CHARS)}`;
}

/** The id of what is said once of a session, by its hooks or by its telemetry. */
export function sessionEventId(session: string, event_type: string): string {
  return `cc-${session}-${event_type}-${SESSION_KEY}`;
}

/** Of events that a session has one of. */
export const SESSION_KEY = "session";

/** How long what is said again in the same words counts as a retry, in ms: longer than any client waits to try again. */
const RETRY_MS = 10_000;

/** The fields by which two hook events of one kind differ. */
const SAID = [
  "hook_event_name",
  "agent_id",
  "teammate_name",
  "prompt",
  "last_assistant_message",
  "notification_type",
  "message",
  "error",
  "trigger",
  "reason",
];

/**
 * What tells this occurrence from the next. Few hook events carry an id; two that say the same and are
 * further apart than a retry are two.
 */
export function occurrence({ payload, context }: Scene): string {
  const said = JSON.stringify(SAID.map((field) => textIn(payload, field)));
  const digest = context.sha256(said).slice(0, DIGEST_CHARS);
  const prompt = textIn(payload, "prompt_id");
  return prompt === null
    ? `${digest}-${Math.floor(context.now_ms / RETRY_MS)}`
    : `${digest}-${plain(prompt)}`;
}

/** A text as the project wants it kept: itself, else its hash and size. */
export function keep(text: string | null, { settings, sha256 }: IntakeContext): Json | null {
  if (text === null) return null;
  return settings.content ? text : { sha256: sha256(text), bytes: new TextEncoder().encode(text).length };
}

/** The same for fields that must be text: nothing, unless the project keeps content. */
export function prose(text: string | null, { settings }: IntakeContext): string | null {
  return settings.content ? text : null;
}

function known<T>(fields: Record<string, T | null | undefined> = {}): Record<string, T> | undefined {
  const entries = Object.entries(fields).filter(
    (entry): entry is [string, T & {}] => entry[1] !== null && entry[1] !== undefined,
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
