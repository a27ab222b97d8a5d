/** A request's bytes, by its content type, in the shape of OTLP's JSON. */
import { MAX_PARTS, MAX_RECORDS } from "./limits.ts";
import { decodeMessage, MalformedProtobuf, TooManyParts } from "./protobuf.ts";
import { fieldOf, listIn, SIGNAL, type Signal } from "./signal.ts";

export type Encoding = "json" | "protobuf";

export type Decoded =
  | { ok: true; payload: unknown; records: number }
  | { ok: false; code: "malformed" | "too_large"; message: string };

/** Null for a type that OTLP does not have. */
export function encodingOf(content_type: string | null): Encoding | null {
  const type = (content_type ?? "").toLowerCase().split(";")[0]?.trim();
  if (type === "application/json") return "json";
  return type === "application/x-protobuf" || type === "application/protobuf" ? "protobuf" : null;
}

export function decodeRequest(bytes: Uint8Array, encoding: Encoding, signal: Signal): Decoded {
  const read = encoding === "json" ? readJson(bytes) : readProtobuf(bytes, signal);
  if (!read.ok) return read;
  const { resources, scopes, records } = SIGNAL[signal];
  const list = fieldOf(read.payload, resources);
  if (list !== undefined && list !== null && !Array.isArray(list)) {
    return malformed(`"${resources}" must be a list. Send an OTLP ${signal} request here.`);
  }
  let count = 0;
  for (const resource of listIn(read.payload, resources)) {
    for (const scope of listIn(resource, scopes)) count += listIn(scope, records).length;
  }
  if (count > MAX_RECORDS) {
    const message = `The request has ${count} records, more than ${MAX_RECORDS}. Send smaller batches.`;
    return { ok: false, code: "too_large", message };
  }
  return { ok: true, payload: read.payload, records: count };
}

function readJson(bytes: Uint8Array): { ok: true; payload: unknown } | (Decoded & { ok: false }) {
  if (countParts(bytes) > MAX_PARTS) return TOO_MANY_PARTS;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return malformed("The body is not UTF-8.");
  }
  try {
    const payload: unknown = JSON.parse(text);
    if (typeof payload === "object" && payload !== null && !Array.isArray(payload))
      return { ok: true, payload };
    return malformed("The body must be one JSON object, as OTLP/HTTP has it.");
  } catch {
    // The parser's own words quote the body.
    return malformed("The body is not JSON, although Content-Type says so.");
  }
}

function readProtobuf(
  bytes: Uint8Array,
  signal: Signal,
): { ok: true; payload: unknown } | (Decoded & { ok: false }) {
  try {
    return { ok: true, payload: decodeMessage(bytes, SIGNAL[signal].request) };
  } catch (error) {
    if (error instanceof TooManyParts) return TOO_MANY_PARTS;
    if (!(error instanceof MalformedProtobuf)) throw error;
    return malformed(`The body is not an OTLP ${signal} request in protobuf: ${error.message}.`);
  }
}

const TOO_MANY_PARTS: Decoded & { ok: false } = {
  ok: false,
  code: "too_large",
  message: `The request has more than ${MAX_PARTS} objects and lists. Send smaller batches.`,
};

const [QUOTE, BACKSLASH, BRACKET, BRACE] = [0x22, 0x5c, 0x5b, 0x7b];

/** What would become an object or a list, before anything is made of it. */
function countParts(json: Uint8Array): number {
  let parts = 0;
  let in_text = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) in_text = !in_text;
    else if (in_text) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === BRACKET || byte === BRACE) parts += 1;
  }
  return parts;
}

function malformed(message: string): Decoded & { ok: false } {
  return { ok: false, code: "malformed", message };
}
