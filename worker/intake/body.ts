/**
 * Reads a request's body into raw events. Nothing is held beyond the limit: not
 * the body as sent, not what it inflates to.
 *
 *   body ─▶ ≤ 1 MiB sent ─▶ gunzip, ≤ 1 MiB ─▶ UTF-8 ─▶ JSON or NDJSON ─▶ RawEvent[]
 *
 * What is wrong with the whole is a Failure; what is wrong with one line or one
 * event is that event's own rejection (L3).
 */
import { MAX_BODY_BYTES, MAX_EVENTS_PER_REQUEST } from "../../schema/event/limits.ts";
import type { Rejection } from "../../schema/event/rejection.ts";
import type { ErrorCode, Failure } from "../../schema/wire/error.ts";
import { readPlainBytes } from "./bytes.ts";
import { isCloudEvents } from "./cloudevents.ts";

/** One event as it came: parsed JSON, or the reason why not even that. */
export type RawEvent = { ok: true; value: unknown } | Rejection;

export type ReadBody = { ok: true; events: RawEvent[] } | { ok: false; failure: Failure };

/** A body that is too large is still received up to here, in bytes (bytes.ts). Eight times what is taken. */
export const MAX_DRAINED_BYTES = 8 * MAX_BODY_BYTES;

const LIMITS = { max_bytes: MAX_BODY_BYTES, max_drained_bytes: MAX_DRAINED_BYTES };

const LINES = new Set(["application/x-ndjson", "application/jsonl", "application/ndjson"]);
const MEDIA_TYPES = "application/json, or application/x-ndjson for one event per line";

export async function readBody(request: Request): Promise<ReadBody> {
  const media = mediaType(request.headers.get("content-type"));
  if (media === null) return refuse("unsupported_media_type", `Send Content-Type: ${MEDIA_TYPES}, in UTF-8.`);
  const plain = await readPlainBytes(request, LIMITS);
  if (!plain.ok) return plain;
  return media === "lines" ? readLines(plain.bytes) : readDocument(plain.bytes);
}

function mediaType(header: string | null): "json" | "lines" | null {
  // What almost everybody sends needs no taking apart.
  if (header === "application/json") return "json";
  const [type = "", ...parameters] = (header ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="));
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) return null;
  if (LINES.has(type)) return "lines";
  return type === "application/json" || isCloudEvents(type) ? "json" : null;
}

// Fatal: a wrong byte would become U+FFFD in silence. A byte order mark is dropped.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function decode(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    // The only failure is a byte that is not UTF-8; the caller says so.
    return null;
  }
}

function readDocument(bytes: Uint8Array): ReadBody {
  const text = decode(bytes);
  if (text === null) return refuse("malformed", "The body is not UTF-8. Encode it as UTF-8.");
  if (text.trim() === "")
    return refuse("malformed", 'The body is empty. Send an event, an array of them, or {"events": […]}.');
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse("malformed", parsed.message + linesHint(text));
  const events = eventsOf(parsed.value);
  if (events === null) {
    return refuse(
      "malformed",
      `A batch is {"events": […]} with nothing beside it. Put what all events share into each event.`,
    );
  }
  if (events.length > MAX_EVENTS_PER_REQUEST) return tooMany();
  return { ok: true, events: events.map((value) => ({ ok: true, value })) };
}

/** One event, an array of them, or `{ "events": [] }`; null for a batch that is neither. */
function eventsOf(value: unknown): unknown[] | null {
  if (isList(value)) return value;
  if (typeof value !== "object" || value === null || !("events" in value)) return [value];
  return isList(value.events) && Object.keys(value).length === 1 ? value.events : null;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

const LINE_FEED = 0x0a;

function readLines(bytes: Uint8Array): ReadBody {
  const events: RawEvent[] = [];
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    const text = decode(bytes.subarray(start, end));
    start = end + 1;
    line++;
    if (text?.trim() === "") continue;
    // Counting on would only tell by how much, and a body of bare zeros has half a million lines.
    if (events.length === MAX_EVENTS_PER_REQUEST) return tooMany();
    events.push(readLine(text, line));
  }
  if (line === 0) return refuse("malformed", "The body is empty. Send one event per line.");
  return { ok: true, events };
}

function readLine(text: string | null, line: number): RawEvent {
  if (text === null) return badLine(`Line ${line} is not UTF-8. Encode it as UTF-8.`);
  const parsed = parseJson(text);
  return parsed.ok ? parsed : badLine(`Line ${line}: ${parsed.message}`);
}

type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string };

function parseJson(text: string): ParsedJson {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    // The parser's message may quote the body, and with it a secret: only the place is passed on.
    const place = error instanceof Error ? / at position (\d+)/.exec(error.message)?.[1] : undefined;
    const where = place === undefined ? "" : ` at character ${Number(place) + 1}`;
    const hint = /[:[,]\s*(?:NaN|-?Infinity)\b/.test(text)
      ? "NaN and Infinity are not JSON: leave such a field out."
      : "Check quotes, commas and that the text is whole.";
    return { ok: false, message: `Not JSON${where}. ${hint}` };
  }
}

function linesHint(text: string): string {
  return /^\s*\{[^\n]*\}\s*\n\s*\{/.test(text)
    ? " For one event per line send Content-Type: application/x-ndjson."
    : "";
}

function badLine(message: string): Rejection {
  return { ok: false, id: null, code: "malformed_json", message };
}
function refuse(code: ErrorCode, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message } };
}
function tooMany(): { ok: false; failure: Failure } {
  return refuse(
    "too_large",
    `The request holds more than ${MAX_EVENTS_PER_REQUEST} events. Split it into batches of at most ${MAX_EVENTS_PER_REQUEST}.`,
  );
}
