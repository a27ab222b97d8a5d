/**
 * The one way from a sender's JSON to an event that may be stored:
 *
 *   raw ──parse──▶ ──artifacts──▶ ──secrets──▶ NewEvent
 *
 * Artifacts go first: what is hashed away need not be searched. Secrets are
 * gone before anything else sees the event (P1).
 */
import type { Sha256Hex } from "./artifact.ts";
import { clean } from "./clean.ts";
import { ID_FIELDS, ID_MAX_CHARS, OPTIONAL_REFS, type IdField } from "./envelope.ts";
import { EVENT_VERSION, type NewEvent } from "./event.ts";
import { parseEvent, type ParsedEvent, type ParseOptions } from "./parse.ts";
import type { Rejection } from "./rejection.ts";
import { redactSecrets, redactSecretsInText } from "./secret/secret.ts";
import { definitionOf } from "./taxonomy.ts";
import { isKnownType } from "./type.ts";

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
  if (!isKnownType(event.event_type) && looksRandom(event.event_type)) {
    return {
      ok: false,
      id: null,
      code: "invalid_field",
      message:
        "event_type looks like an id or a secret. Name what happened, and revoke the secret if it is one.",
    };
  }
  redactRefs(event, options);
  return { ok: true, event: assemble(event, options) };
}

/** Twenty letters and digits with four digits among them: an id, or a secret without its prefix, and no word. */
const RANDOM_WORD = /(?=(?:[a-z]*\d){4})(?=\d*[a-z])[a-z0-9]{20}/;

function looksRandom(event_type: string): boolean {
  return !isClean(event_type) || RANDOM_WORD.test(event_type);
}

/** In the order in which an event is stored and shown. */
function assemble(parsed: ParsedEvent, options: NormaliseOptions): NewEvent {
  const { event_type, agent_role, task_id, feature_id, session_id, metadata, metrics } = parsed;
  const event: Omit<NewEvent, "source" | "key_id" | "v"> = {
    id: parsed.id ?? options.mintId(),
    timestamp: parsed.timestamp,
    event_type,
    agent_id: parsed.agent_id,
  };
  if (agent_role !== undefined) event.agent_role = agent_role;
  if (task_id !== undefined) event.task_id = task_id;
  if (feature_id !== undefined) event.feature_id = feature_id;
  if (session_id !== undefined) event.session_id = session_id;
  if (metadata !== undefined) event.metadata = clean(metadata, options.sha256Hex);
  if (metrics !== undefined) event.metrics = redactNames(event_type, metrics);
  const { source, key_id } = options;
  const service: Pick<NewEvent, "source" | "key_id" | "v"> = { source, key_id, v: EVENT_VERSION };
  return Object.assign(event, service);
}

/** A number under a secret name becomes a text, which is no metric: it goes altogether. */
function redactNames(event_type: string, metrics: { [key: string]: number }): { [key: string]: number } {
  const declared = definitionOf(event_type)?.metricFields;
  if (declared !== undefined && Object.keys(metrics).every((key) => declared.has(key))) return metrics;
  const redacted = redactSecrets<{ [key: string]: number | string }>(metrics);
  if (redacted === metrics) return metrics;
  const numbers = Object.entries(redacted).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(numbers);
}

function redactRefs(event: ParsedEvent, { pseudonym }: NormaliseOptions): void {
  if (!hasCleanIds(event)) {
    for (const field of ID_FIELDS) {
      const value = event[field];
      if (value === undefined || value === null || isClean(value)) continue;
      event[field] = asPseudonym(value, redactSecrets(value), pseudonym).slice(0, ID_MAX_CHARS[field]);
    }
  }
  // A role is a label, not an identity: two secrets there need not stay apart.
  if (event.agent_role !== undefined && !isClean(event.agent_role)) {
    event.agent_role = redactSecrets(event.agent_role).slice(0, OPTIONAL_REFS.agent_role);
  }
}

/** Almost all have. By name, as in parse.ts; a test goes through ID_FIELDS. */
function hasCleanIds({ id, agent_id, task_id, feature_id, session_id }: Pick<ParsedEvent, IdField>): boolean {
  return (
    (id === null || isClean(id)) &&
    isClean(agent_id) &&
    (task_id === undefined || isClean(task_id)) &&
    (feature_id === undefined || isClean(feature_id)) &&
    (session_id === undefined || isClean(session_id))
  );
}

/** No secret is in it. */
function isClean(text: string): boolean {
  return redactSecretsInText(text) === text;
}

/** The whole id goes, not only the secret in it: what is left could be told apart by no one anyway. */
function asPseudonym(value: string, redacted: string, pseudonym: (secret: string) => string): string {
  const rule = /\[redacted:([a-z0-9-]{1,40})/.exec(redacted)?.[1] ?? "secret";
  return `[redacted:${rule}:${pseudonym(value)}]`;
}
