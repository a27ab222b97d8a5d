/**
 * What a session of an agent that runs in a terminal is called, whoever tells of it:
 * its telemetry, its hooks and its transcript must come to the same work.
 *
 *   session s, no branch known   feature `session-<s>`, task `session-<s>`
 *   its main agent               `<program>:<short s>`, its subagents `<program>:<short s>/<name>`
 *
 * The repository is no part of it: telemetry does not know it. A transcript does, and the
 * branch too: of a session that one source told first, the others take its feature (`featureOfSession`).
 */
import { MAX_REF_CHARS } from "./limits.ts";

const PREFIX = "session-";

/** The task that a session is; also the feature of one that no branch names. */
export function sessionWork(session: string): string {
  return `${PREFIX}${session}`.slice(0, MAX_REF_CHARS);
}

/** Of an id whose beginning is random, as many characters as tell sessions apart. */
const SHORT_CHARS = 8;
/** Of an id that begins with a clock (UUIDv7, ULID), as many of its end. */
const SHORT_TAIL_CHARS = 12;

/** Programs whose sessions' ids are random from the first character on. */
const RANDOM_FIRST: ReadonlySet<string> = new Set(["claude-code"]);

/** Short enough to read, long enough to tell sessions apart. */
export function sessionAgent(program: string, session: string): string {
  return `${program}:${RANDOM_FIRST.has(program) ? session.slice(0, SHORT_CHARS) : session.slice(-SHORT_TAIL_CHARS)}`;
}

/** Adapters and importers that name the feature themselves, and tell of sessions that others tell of too. */
const LIVE_SOURCE = "otlp";
const SESSION_SOURCES: ReadonlySet<string> = new Set([
  LIVE_SOURCE,
  "claude-code",
  "codex",
  "copilot",
  "gemini",
  "opencode",
  "openhands",
  "pi",
  "swe-agent",
]);

export interface SessionEvent {
  source: string;
  session_id?: string;
  feature_id?: string;
}

/** The task by which the feature of an event's session is known; null where the event is no such. */
export function sessionTaskOf({ source, session_id, feature_id }: SessionEvent): string | null {
  if (session_id === undefined || feature_id === undefined || !SESSION_SOURCES.has(source)) return null;
  return sessionWork(session_id);
}

/**
 * The feature that an event of a session goes under. `known` is that of the session's task, null before the first.
 *
 *   named       known       then
 *   session-s   a branch    the branch: a transcript told it first
 *   a branch    session-s   session-s: hooks or telemetry told it first
 *   otherwise               as named: a session may go from branch to branch, and telemetry may name a feature
 */
export function featureOfSession(event: SessionEvent, known: string | null): string | null {
  const own = sessionTaskOf(event);
  const named = event.feature_id ?? null;
  if (own === null || known === null || known === named) return named;
  if (named === own) return known;
  return known === own && event.source !== LIVE_SOURCE ? own : named;
}
