/**
 * `POST /v1/otlp/v1/{traces,logs,metrics}`: OTLP/HTTP, in JSON and protobuf.
 *
 *   body ─▶ bytes ─▶ request ─▶ adapter ─▶ prepared ─▶ room.append, batch by batch ─▶ Export…ServiceResponse
 *
 * Every reply is in the type of the request, errors as google.rpc.Status. A request that was cut off
 * may be sent again, whole: ids are made of its content, so what was stored is a duplicate.
 */
import { packEvents } from "../../schema/event/batch.ts";
import { MAX_EVENTS_PER_REQUEST } from "../../schema/event/limits.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { ReadIntake } from "../account/intake.ts";
import { otlpAdapter } from "../intake/adapters.ts";
import type { Adapted } from "../intake/adapter.ts";
import { readPlainBytes } from "../intake/bytes.ts";
import { createSha256Hex, pseudonymWith } from "../intake/hash.ts";
import { prepare, type Prepared, type PreparedBatch } from "../intake/native.ts";
import { decodeRequest, encodingOf, type Encoding } from "../intake/otlp/decode.ts";
import { MAX_APPEND_BYTES, MAX_OTLP_BYTES } from "../intake/otlp/limits.ts";
import { encodeResponse, encodeStatus, MEDIA_TYPE, type Partial } from "../intake/otlp/reply.ts";
import type { Signal } from "../intake/otlp/signal.ts";
import type { Price } from "../intake/price.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { failureReply, refusalFailure } from "./error.ts";

const SOURCE = "otlp";

/** A batch that is too large is received up to OTLP's recommended limit, so that its sender hears why. */
const LIMITS = { max_bytes: MAX_OTLP_BYTES, max_drained_bytes: 64 * 1024 * 1024 };

export interface OtlpTools {
  price: Price;
  readIntake: ReadIntake;
}

/** `tools` remember models and settings, so one serves all requests. */
export function acceptOtlp(signal: Signal, tools: OtlpTools): ProjectHandler {
  const sha256 = createSha256Hex();
  return (c, access) => receive(c, access, signal, { ...tools, sha256 });
}

type Tools = OtlpTools & { sha256: (text: string) => string };

async function receive(c: HttpContext, access: ProjectAccess, signal: Signal, tools: Tools): Promise<Reply> {
  const { room, principal } = access;
  const encoding = encodingOf(c.req.header("content-type") ?? null);
  const read = encoding === null ? unknownType() : await readRequest(c, access, signal, encoding, tools);
  if (!read.ok || encoding === null) {
    // A request that holds nothing good is answered only to a key that is good (T4).
    const asked = await room.append(principal, packEvents([]));
    return asked.ok ? (read.ok ? unknownType().failure : read.failure) : refusalFailure(asked);
  }
  for (const batch of batchesOf(read.prepared)) {
    const appended = await room.append(principal, packEvents(batch));
    if (!appended.ok) return refusalFailure(appended);
  }
  const body = encodeResponse(signal, partialOf(read), encoding);
  return new Response(body, { headers: { "Content-Type": MEDIA_TYPE[encoding] } });
}

function unknownType(): { ok: false; failure: Failure } {
  const message =
    "Send Content-Type: application/x-protobuf or application/json. Clusterfork speaks OTLP over HTTP, not gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf.";
  return { ok: false, failure: { code: "unsupported_media_type", message } };
}

type ReadRequest = { ok: true; records: number; adapted: Adapted } & PreparedBatch;

async function readRequest(
  c: HttpContext,
  { project_id, principal }: ProjectAccess,
  signal: Signal,
  encoding: Encoding,
  { price, readIntake, sha256 }: Tools,
): Promise<ReadRequest | { ok: false; failure: Failure }> {
  const body = await readPlainBytes(c.req.raw, LIMITS);
  if (!body.ok) return body;
  const decoded = decodeRequest(body.bytes, encoding, signal);
  if (!decoded.ok) return { ok: false, failure: { code: decoded.code, message: decoded.message } };
  const now_ms = Date.now();
  const settings = await readIntake(c.env.DB, project_id, now_ms);
  const adapted = otlpAdapter(signal)(decoded.payload, { now_ms, settings, sha256 });
  const prepared = prepare(
    adapted.events.map((value) => ({ ok: true, value })),
    {
      source: SOURCE,
      key_id: principal.kind === "key" ? principal.key_id : principal.kind,
      now_ms,
      pseudonym: pseudonymWith(c.env.KEY_SECRET),
      price,
      sha256,
    },
  );
  return { ok: true, records: decoded.records, adapted, ...prepared };
}

/** In the room's own limits. One append at least: the room decides whether the key may send at all (T4). */
function* batchesOf(prepared: readonly Prepared[]): Generator<Prepared[]> {
  let batch: Prepared[] = [];
  let bytes = 0;
  for (const event of prepared) {
    // UTF-8 has at most three bytes for a UTF-16 unit; an exact count would cost more than a smaller batch.
    const size = event.json.length * 3;
    if (batch.length > 0 && (batch.length === MAX_EVENTS_PER_REQUEST || bytes + size > MAX_APPEND_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  yield batch;
}

/** Reasons said in one reply: SDKs write them into a log, line by line. */
const MAX_REASONS = 5;

function partialOf({ adapted, results, records }: ReadRequest): Partial | null {
  const { refused, warnings = [] } = adapted;
  const rejected = Math.min(refused.length + results.length, records);
  const reasons = [...refused, ...results, ...warnings].map(
    ({ index, message = "" }) => `record ${index}: ${message}`,
  );
  if (reasons.length === 0) return null;
  const more = reasons.length > MAX_REASONS ? [`and ${reasons.length - MAX_REASONS} more`] : [];
  return { rejected, message: [...reasons.slice(0, MAX_REASONS), ...more].join(" ") };
}

/** An error in the type of the request, with the status and the headers that any route gives it. */
export function otlpFailureReply(c: HttpContext, failure: Failure): Response {
  const plain = failureReply(c, failure);
  const encoding = encodingOf(c.req.header("content-type") ?? null) ?? "json";
  const headers = new Headers(plain.headers);
  headers.set("Content-Type", MEDIA_TYPE[encoding]);
  return new Response(encodeStatus(plain.status, failure.message, encoding), {
    status: plain.status,
    headers,
  });
}
