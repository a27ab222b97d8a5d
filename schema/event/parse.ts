/**
 * Decides whether one event may enter, and says why not. Total: whatever is
 * handed in, the answer is a value. What comes out is a copy in our own shape;
 * the sender's object is not touched and not kept.
 *
 *   raw ─▶ object? ─▶ fields known? ─▶ core ─▶ refs ─▶ metadata ─▶ metrics ─▶ ParsedEvent
 */
import { checkMetadata, checkMetrics } from "./check.ts";
import { OPTIONAL_REFS, SENDER_FIELDS, SERVICE_FIELDS, type OptionalRef } from "./envelope.ts";
import type { NewEvent } from "./event.ts";
import { copyJson, isPlain, isTooDeep } from "./json.ts";
import { MAX_DEPTH, MAX_ID_CHARS, MAX_REF_CHARS } from "./limits.ts";
import { nearestField } from "./nearest.ts";
import { quote, readRef, readType, refuse, shorten, type Refusal } from "./ref.ts";
import type { Rejection } from "./rejection.ts";
import { redactSecretsInText } from "./secret/secret.ts";
import { readsAsClusterfork } from "./reserved-name.ts";
import { CLUSTERFORK_PREFIX } from "./own.ts";
import { readTimestamp } from "./timestamp.ts";

/** An event that may enter; what Clusterfork itself adds is not there yet. */
export type ParsedEvent = Omit<NewEvent, "id" | "source" | "key_id" | "v"> & {
  /** Null when the sender gave none. */
  id: string | null;
};

export interface ParseOptions {
  /** True for events that Clusterfork itself decided: they may speak as `clusterfork:…` (T5). */
  internal?: boolean;
}

export type Parsed = { ok: true; event: ParsedEvent } | Rejection;

type Step = { ok: true } | Refusal;
const DONE: Step = { ok: true };

type Raw = Readonly<Record<string, unknown>>;

export function parseEvent(raw: unknown, options: ParseOptions = {}): Parsed {
  try {
    return read(raw, options);
  } catch {
    // JSON cannot throw while it is read; an object with a throwing getter or a revoked proxy can.
    return {
      ok: false,
      id: null,
      code: "invalid_field",
      message: "The event threw while it was read. Send plain data.",
    };
  }
}

function read(raw: unknown, options: ParseOptions): Parsed {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw) || !isPlain(raw)) return notAnObject(raw);
  const event: ParsedEvent = { id: null, timestamp: "", event_type: "", agent_id: "" };
  for (const step of [readFields, readCore, readRefs, readParts]) {
    const result = step(raw, event, options);
    if (!result.ok) return { ...result, id: idOf(raw), message: redactSecretsInText(result.message) };
  }
  return { ok: true, event };
}

function notAnObject(raw: unknown): Parsed {
  if (isTooDeep(raw)) {
    return {
      ok: false,
      id: null,
      code: "too_deep",
      message: `The event is nested deeper than ${MAX_DEPTH} levels. Flatten it.`,
    };
  }
  const kind =
    raw === null
      ? "null"
      : Array.isArray(raw)
        ? "an array"
        : typeof raw === "object"
          ? "not plain data"
          : `a ${typeof raw}`;
  return {
    ok: false,
    id: null,
    code: "not_an_object",
    message: `An event is a JSON object with timestamp, event_type and agent_id; this is ${kind}.`,
  };
}

/** The sender's id as far as it can be told, for the answer, which is written into logs: no secret stands in it (P1). */
function idOf(source: Raw): string | null {
  if (typeof source.id !== "string") return null;
  return redactSecretsInText(source.id).slice(0, MAX_ID_CHARS).toWellFormed();
}

const KNOWN: ReadonlySet<string> = new Set(SENDER_FIELDS);
const SERVICE: ReadonlySet<string> = new Set(SERVICE_FIELDS);

function readFields(source: Raw): Step {
  for (const field of Object.keys(source)) {
    if (KNOWN.has(field) || source[field] === undefined) continue;
    return refuse("unknown_field", aboutField(field));
  }
  return DONE;
}

function aboutField(field: string): string {
  const shown = quote(field);
  if (SERVICE.has(field)) return `${shown} is set by Clusterfork. Leave it out.`;
  if (/^(project|team)(_?id)?$/i.test(field)) return `${shown} is known from the API key. Leave it out.`;
  const near = nearestField(field);
  if (near === null) return `Unknown field ${shown}. Put it into "metadata", or numbers into "metrics".`;
  const inside = near === "metadata" || near === "metrics";
  return `Unknown field ${shown}: did you mean "${near}"?${inside ? ` It may stand inside "${near}".` : ""}`;
}

const CORE_FIELDS = ["timestamp", "event_type", "agent_id"] as const;

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function readCore(source: Raw, event: ParsedEvent, options: ParseOptions): Step {
  // Fields by name: one named at run time is looked up in a table of all shapes that events have.
  if (isAbsent(source.timestamp) || isAbsent(source.event_type) || isAbsent(source.agent_id)) {
    const field = CORE_FIELDS.find((name) => isAbsent(source[name])) ?? "";
    return refuse(
      "missing_field",
      `${field} is missing. Every event has timestamp, event_type and agent_id.`,
    );
  }
  const time = readTimestamp(source.timestamp);
  if (!time.ok) return refuse("invalid_field", time.message);
  event.timestamp = time.timestamp;

  if (source.id !== undefined && source.id !== null) {
    const id = readRef("id", source.id, MAX_ID_CHARS, "leave it out and Clusterfork mints one");
    if (!id.ok) return id;
    event.id = id.value;
  }
  const event_type = readType(source.event_type, options.internal === true);
  if (!event_type.ok) return event_type;
  event.event_type = event_type.value;

  const agent_id = readRef("agent_id", source.agent_id, MAX_REF_CHARS, "name the agent that acted");
  if (!agent_id.ok) return agent_id;
  event.agent_id = agent_id.value;
  return options.internal === true ? DONE : checkReserved(event);
}

function checkReserved(event: ParsedEvent): Step {
  const { agent_id, id } = event;
  const is_agent = readsAsClusterfork(agent_id);
  if (!is_agent && (id === null || !readsAsClusterfork(id))) return DONE;
  const whose = `${is_agent ? "agent_id" : "id"} may not read as "${CLUSTERFORK_PREFIX}…": that is Clusterfork itself`;
  return refuse("reserved", `${whose}. Use another name.`);
}

const REFS: readonly [OptionalRef, number][] = [
  ["agent_role", OPTIONAL_REFS.agent_role],
  ["task_id", OPTIONAL_REFS.task_id],
  ["feature_id", OPTIONAL_REFS.feature_id],
  ["session_id", OPTIONAL_REFS.session_id],
];

function readRefs(source: Raw, event: ParsedEvent): Step {
  for (const [field, max_chars] of REFS) {
    const value = source[field];
    if (value === undefined || value === null) continue;
    const ref = readRef(field, value, max_chars, "leave it out when there is none");
    if (!ref.ok) return ref;
    event[field] = ref.value;
  }
  return DONE;
}

function readParts(source: Raw, event: ParsedEvent): Step {
  if (source.metadata !== undefined && source.metadata !== null) {
    const copied = copyJson(source.metadata, 2);
    if (!copied.ok) {
      const { code, path, message } = copied.refusal;
      return refuse(code === "invalid" ? "invalid_metadata" : code, `metadata${shorten(path)} ${message}`);
    }
    const metadata = copied.value;
    if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
      return refuse("invalid_metadata", `metadata must be an object, like {"model": "claude-sonnet-5"}.`);
    }
    event.metadata = metadata;
  }
  const wrong = checkMetadata(event.event_type, event.metadata);
  if (wrong !== null) return refuse("invalid_metadata", wrong);
  if (source.metrics !== undefined && source.metrics !== null) {
    const checked = checkMetrics(event.event_type, source.metrics);
    if (!checked.ok) return refuse("invalid_metrics", checked.message);
    event.metrics = checked.metrics;
  }
  return DONE;
}
