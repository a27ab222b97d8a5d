/**
 * What a session of an agent that runs in a terminal is called, whoever tells of it:
 * its telemetry, its hooks and its transcript must come to the same work.
 *
 *   session s, no branch known   feature `session-<s>`, task `session-<s>`
 *   its main agent               `<program>:<short s>`, its subagents `<program>:<short s>/<name>`
 *
 * The repository is no part of it: telemetry does not know it.
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
