/**
 * The one way from a sender's JSON to an event that may be stored:
 *
 *   raw ──parse──▶ ──artifacts──▶ ──secrets──▶ NewEvent
 *
 * Artifacts go first: what is hashed away need not be searched. Secrets are
 * gone before anything else sees the event (P1).
 */
import { reduceArtifacts, type Sha256Hex } from "./artifact.ts";
import { ID_FIELDS, ID_MAX_CHARS, OPTIONAL_REFS } from "./envelope.ts";
import { EVENT_VERSION, type Json, type NewEvent } from "./event.ts";
import { parseEvent, type ParsedEvent, type ParseOptions } from "./parse.ts";
import type { Rejection } from "./rejection.ts";
import { redactSecretFields } from "./secret-field.ts";
import { redactSecrets } from "./secret/redact.ts";

export interface NormaliseOptions extends ParseOptions {
  /** The adapter that read it. */
  source: string;
  key_id: string;
  /** A UUIDv7, for an event without an id. */
  mintId: () => string;
  sha256Hex: Sha256Hex;
  /** The same short text for the same secret, and nothing that leads back to it: a keyed hash. */
  pseudonym: (secret: string) => string;
}

export type Normalised = { ok: true; event: NewEvent } | Rejection;

export function normalise(raw: unknown, options: NormaliseOptions): Normalised {
  const parsed = parseEvent(raw, options);
  if (!parsed.ok) return parsed;
  const { event } = parsed;
  if (redactSecrets(event.event_type) !== event.event_type) {
    return {
      ok: false,
      id: null,
      code: "invalid_field",
      message: "event_type looks like a secret. Name what happened, and revoke the secret if it is one.",
    };
  }
  redactRefs(event, options.pseudonym);
  return { ok: true, event: assemble(event, options) };
}

/** In the order in which an event is stored and shown. */
function assemble(event: ParsedEvent, options: NormaliseOptions): NewEvent {
  return {
    id: event.id ?? options.mintId(),
    timestamp: event.timestamp,
    event_type: event.event_type,
    agent_id: event.agent_id,
    ...(event.agent_role === undefined ? {} : { agent_role: event.agent_role }),
    ...(event.task_id === undefined ? {} : { task_id: event.task_id }),
    ...(event.feature_id === undefined ? {} : { feature_id: event.feature_id }),
    ...(event.session_id === undefined ? {} : { session_id: event.session_id }),
    ...(event.metadata === undefined ? {} : { metadata: clean(event.metadata, options.sha256Hex) }),
    ...(event.metrics === undefined ? {} : { metrics: redactSecrets(event.metrics) }),
    source: options.source,
    key_id: options.key_id,
    v: EVENT_VERSION,
  };
}

function clean(metadata: { [key: string]: Json }, sha256Hex: Sha256Hex): { [key: string]: Json } {
  return redactSecrets(redactSecretFields(reduceArtifacts(metadata, sha256Hex)));
}

function redactRefs(event: ParsedEvent, pseudonym: (secret: string) => string): void {
  for (const field of ID_FIELDS) {
    const value = event[field];
    if (value === undefined || value === null) continue;
    const redacted = redactSecrets(value);
    if (redacted !== value) event[field] = asPseudonym(value, redacted, pseudonym).slice(0, ID_MAX_CHARS[field]);
  }
  // A role is a label, not an identity: two secrets there need not stay apart.
  if (event.agent_role !== undefined) {
    event.agent_role = redactSecrets(event.agent_role).slice(0, OPTIONAL_REFS.agent_role);
  }
}

/** The whole id goes, not only the secret in it: what is left could be told apart by no one anyway. */
function asPseudonym(value: string, redacted: string, pseudonym: (secret: string) => string): string {
  const rule = /\[redacted:([a-z0-9-]{1,40})/.exec(redacted)?.[1] ?? "secret";
  return `[redacted:${rule}:${pseudonym(value)}]`;
}
