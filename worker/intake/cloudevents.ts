/**
 * CloudEvents 1.0 (github.com/cloudevents/spec), as the body of `POST /v1/events`: structured, batched, and
 * binary, where the attributes are headers and the body is the data.
 *
 * | attribute         | event                                                                          |
 * |-------------------|--------------------------------------------------------------------------------|
 * | source and id     | id: `ce-` and a digest of both, since only both together are unique            |
 * | type              | event_type, without the prefix `dev.clusterfork.`                              |
 * | time              | timestamp, else the data's, else the time of arrival                           |
 * | subject           | `task/<id>` or `feature/<id>`, or the two joined by a comma; any other is kept in metadata |
 * | agentid, agentrole, taskid, featureid, sessionid | extensions: the field of that name; agent_id is `source` when nobody says it |
 * | data with agent_id, metadata or metrics | those fields of our event                                |
 * | any other data    | metadata                                                                       |
 */
import type { Rejection } from "../../schema/event/rejection.ts";
import type { RawEvent } from "./body.ts";
import { isPayload, objectIn, textIn, type Payload } from "./payload.ts";

export interface CloudEventContext {
  now_ms: number;
  sha256: (text: string) => string;
}

const MEDIA_TYPES = new Set(["application/cloudevents+json", "application/cloudevents-batch+json"]);
const PREFIX = "dev.clusterfork.";
/** Hex characters of the digest in an id: 128 bits. */
const DIGEST_CHARS = 32;
const MAX_KEPT_CHARS = 300;

/** Extension attributes: their names have letters and digits alone. */
const EXTENSIONS = [
  ["agentid", "agent_id"],
  ["agentrole", "agent_role"],
  ["taskid", "task_id"],
  ["featureid", "feature_id"],
  ["sessionid", "session_id"],
] as const;

/** Whether a body of this type holds CloudEvents. */
export function isCloudEvents(content_type: string | null): boolean {
  return MEDIA_TYPES.has(content_type?.split(";")[0]?.trim().toLowerCase() ?? "");
}

/** The attributes that a request in binary mode has in its headers; null when it is in no such mode. */
export function attributesIn(headers: Headers): Payload | null {
  if (!headers.has("ce-specversion")) return null;
  const attributes: [string, string][] = [];
  headers.forEach((value, name) => {
    if (name.startsWith("ce-")) attributes.push([name.slice("ce-".length), decoded(value)]);
  });
  return Object.fromEntries(attributes);
}

/** As the HTTP binding writes what is not ASCII. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A bare percent sign: it was not encoded at all.
    return value;
  }
}

/** Each one for itself: what is wrong with it is its own rejection (L3). */
export function readCloudEvent(value: unknown, context: CloudEventContext): RawEvent {
  if (!isPayload(value)) return refuse(null, "not_an_object", "A CloudEvent is a JSON object.");
  const id = textIn(value, "id");
  if (value["specversion"] !== "1.0")
    return refuse(id, "invalid_field", 'specversion must be "1.0", the version of CloudEvents that is read.');
  const source = textIn(value, "source");
  const type = textIn(value, "type");
  for (const [name, attribute] of [
    ["id", id],
    ["source", source],
    ["type", type],
  ] as const) {
    if (attribute === null)
      return refuse(
        id,
        "missing_field",
        `${name} is missing. A CloudEvent has specversion, id, source and type.`,
      );
  }
  if (value["data_base64"] !== undefined)
    return refuse(id, "invalid_field", "data_base64 is not read. Send the data as JSON, in `data`.");
  const { data } = value;
  if (data !== undefined && data !== null && !isPayload(data))
    return refuse(id, "invalid_field", "data must be a JSON object: one of our events, or its metadata.");
  return { ok: true, value: eventOf(value, isPayload(data) ? data : {}, context) };
}

const OURS = ["agent_id", "metadata", "metrics"];

function eventOf(envelope: Payload, data: Payload, { now_ms, sha256 }: CloudEventContext): Payload {
  const source = textIn(envelope, "source") ?? "";
  const type = textIn(envelope, "type") ?? "";
  const is_ours = OURS.some((field) => Object.hasOwn(data, field));
  const { id: _id, event_type: _type, ...fields } = is_ours ? data : { metadata: data };
  const subject = textIn(envelope, "subject");
  const work = workOf(subject);
  const origin = {
    cloudevents_source: source.slice(0, MAX_KEPT_CHARS),
    cloudevents_id: String(envelope["id"]).slice(0, MAX_KEPT_CHARS),
    ...(subject === null || work !== null ? {} : { subject: subject.slice(0, MAX_KEPT_CHARS) }),
  };
  const extensions = EXTENSIONS.flatMap(([attribute, field]): [string, string][] => {
    const text = textIn(envelope, attribute);
    return text === null ? [] : [[field, text]];
  });
  const given: Payload = { ...fields, ...work, ...Object.fromEntries(extensions) };
  return {
    ...given,
    id: `ce-${sha256(`${source}\n${String(envelope["id"])}`).slice(0, DIGEST_CHARS)}`,
    event_type: type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type,
    timestamp: textIn(envelope, "time") ?? given["timestamp"] ?? new Date(now_ms).toISOString(),
    agent_id: textIn(given, "agent_id") ?? source,
    // What is no object is refused by name further on.
    metadata: isPayload(given["metadata"] ?? {})
      ? { ...objectIn(given, "metadata"), ...origin }
      : given["metadata"],
  };
}

/** `task/T-7`, `feature/add-auth`, `feature/add-auth,task/T-7`. */
function workOf(subject: string | null): { task_id?: string; feature_id?: string } | null {
  const work: { task_id?: string; feature_id?: string } = {};
  for (const part of subject?.split(",") ?? []) {
    const [, kind, id] = /^\s*(task|feature)\/(.+?)\s*$/.exec(part) ?? [];
    if (kind === undefined || id === undefined) return null;
    work[kind === "task" ? "task_id" : "feature_id"] = id;
  }
  return subject === null ? null : work;
}

function refuse(id: string | null, code: Rejection["code"], message: string): Rejection {
  return { ok: false, id, code, message };
}
