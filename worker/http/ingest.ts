/**
 * `POST /v1/events`: the native format, also in CloudEvents' envelopes.
 *
 *   body ─▶ raw events ─▶ prepared (checked, redacted, priced) ─▶ room.append ─▶ one status per event (L3)
 */
import { packEvents } from "../../schema/event/batch.ts";
import type { AppendResponse, EventResult } from "../../schema/wire/http.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { leftField } from "../../schema/wire/rate.ts";
import { readBody, type RawEvent } from "../intake/body.ts";
import { attributesIn, isCloudEvents, readCloudEvent } from "../intake/cloudevents.ts";
import { pseudonymWith, createSha256Hex } from "../intake/hash.ts";
import { prepare, type PrepareOptions, type PreparedBatch } from "../intake/native.ts";
import type { Payload } from "../intake/payload.ts";
import type { Price } from "../intake/price.ts";
import type { Appended, Refusal } from "../room/contract.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { failureReply, refusalFailure } from "./error.ts";
import { refuseParameters } from "./query.ts";

const DEFAULT_SOURCE = "api";
/** Of events in CloudEvents' envelopes. */
const CLOUD_SOURCE = "cloudevents";
const SOURCE = /^[a-z0-9-]{1,32}$/;
/** What Clusterfork itself decided has this source (T5). */
const OWN_SOURCE = "clusterfork";

/** `price` remembers the models it resolved, so one serves all requests. */
export function acceptEvents(price: Price): ProjectHandler {
  const tools: Tools = { price, sha256: createSha256Hex() };
  return (c, access) => postEvents(c, access, tools);
}
type Tools = Pick<PrepareOptions, "price" | "sha256">;

async function postEvents(c: HttpContext, access: ProjectAccess, tools: Tools): Promise<Reply> {
  const { room, principal } = access;
  const batch = await readBatch(c, principal.kind === "key" ? principal.key_id : principal.kind, tools);
  if (!batch.ok) {
    // Also a request that holds nothing good is answered only to a key that is good (T4): the room is asked with no events.
    const asked = await room.append(principal, packEvents([]));
    return asked.ok ? batch.failure : refusalFailure(asked);
  }
  const appended = await append(access, batch);
  if (!appended.ok) return refusalFailure(appended);
  return reply(c, batch, appended);
}

/** Ids of before structural hashes are compared by the hash of their time, in a second call. */
async function append({ room, principal }: ProjectAccess, batch: PreparedBatch): Promise<Appended | Refusal> {
  const appended = await room.append(principal, packEvents(batch.prepared));
  if (!appended.ok || appended.older === undefined) return appended;
  const { older } = appended;
  const again = older.flatMap((position) => {
    const event = batch.prepared[position];
    return event === undefined ? [] : [{ ...event, body_hash: batch.older_hash(position) }];
  });
  const settled = await room.append(principal, packEvents(again));
  if (!settled.ok) return settled;
  const conflicts = settled.conflicts.flatMap((place) => older[place] ?? []);
  return {
    ...appended,
    duplicates: appended.duplicates + settled.duplicates,
    conflicts: [...appended.conflicts, ...conflicts],
    ...(settled.left === undefined ? {} : { left: settled.left }),
  };
}

async function readBatch(
  c: HttpContext,
  key_id: string,
  tools: Tools,
): Promise<({ ok: true } & PreparedBatch) | { ok: false; failure: Failure }> {
  const refused = refuseParameters(c);
  if (refused !== null) return refused;
  const { headers } = c.req.raw;
  const attributes = attributesIn(headers);
  const is_cloud = attributes !== null || isCloudEvents(headers.get("content-type"));
  const source = c.req.header("clusterfork-source") ?? (is_cloud ? CLOUD_SOURCE : DEFAULT_SOURCE);
  if (!SOURCE.test(source)) {
    const message =
      "The header Clusterfork-Source must be 1 to 32 of a-z, 0-9 and -. Correct it, or leave it out.";
    return { ok: false, failure: { code: "invalid_parameter", message } };
  }
  if (source === OWN_SOURCE) {
    const message = `The source "${OWN_SOURCE}" is Clusterfork itself. Name your adapter otherwise, or leave the header out.`;
    return { ok: false, failure: { code: "invalid_parameter", message } };
  }
  const body = await readBody(c.req.raw);
  if (!body.ok) return body;
  const now_ms = Date.now();
  const events = is_cloud
    ? body.events.map((raw) => openEnvelope(raw, attributes, now_ms, tools))
    : body.events;
  const prepared = prepare(events, {
    source,
    key_id,
    now_ms,
    pseudonym: pseudonymWith(c.env.KEY_SECRET),
    ...tools,
  });
  return { ok: true, ...prepared };
}

/** `attributes`: those of binary mode, in which the body is the data. */
function openEnvelope(
  raw: RawEvent,
  attributes: Payload | null,
  now_ms: number,
  { sha256 }: Tools,
): RawEvent {
  if (!raw.ok) return raw;
  const value = attributes === null ? raw.value : { ...attributes, data: raw.value };
  return readCloudEvent(value, { now_ms, sha256 });
}

function reply(c: HttpContext, batch: PreparedBatch, appended: Appended): Response {
  const conflicts = appended.conflicts.flatMap((position): EventResult[] => {
    const event = batch.prepared[position];
    if (event === undefined) return [];
    const message =
      "Another event is stored under this id. Give this one an id of its own; an event is never changed.";
    return [{ index: event.index, id: event.id, status: "conflict", code: "conflict", message }];
  });
  const results = [...batch.results, ...conflicts].sort((a, b) => a.index - b.index);
  const { accepted, duplicates, first_seq, last_seq } = appended;
  const body: AppendResponse = {
    accepted,
    duplicates,
    first_seq,
    last_seq,
    ...(results.length > 0 ? { results } : {}),
  };
  const stands = accepted + duplicates > 0;
  if (!stands && results.length > 0 && batch.prepared.length === 0) {
    const message = `No event of the request is valid; nothing was stored. The first: ${results[0]?.message ?? ""} "results" has each.`;
    return failureReply(c, { code: "no_valid_event", message, details: { results } }, body);
  }
  if (!stands && results.length > 0 && conflicts.length === results.length) {
    const message = `Every event of the request has an id under which another event is stored; nothing was stored. Give new events ids of their own.`;
    return failureReply(c, { code: "conflict", message, details: { results } }, body);
  }
  const { left } = appended;
  return Response.json(body, left === undefined ? {} : { headers: { RateLimit: leftField(left) } });
}
