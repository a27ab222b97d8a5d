/**
 * The native format: events as the contract describes them, from senders who
 * speak it. Turns raw events into what the room appends.
 *
 *   RawEvent ──normalise──▶ NewEvent ──price──▶ PreparedEvent (id, body hash, JSON)
 */
import type { PreparedEvent } from "../../schema/event/batch.ts";
import type { NewEvent } from "../../schema/event/event.ts";
import { MAX_EVENT_BYTES } from "../../schema/event/limits.ts";
import { normalise, type NormaliseOptions } from "../../schema/event/normalise.ts";
import type { Rejection } from "../../schema/event/rejection.ts";
import type { EventResult } from "../../schema/wire/http.ts";
import type { RawEvent } from "./body.ts";
import { canonicalJson } from "./canonical.ts";
import { mintUuid } from "./uuid.ts";

export interface PrepareOptions {
  /** The adapter: header `Clusterfork-Source`, default `api`. */
  source: string;
  key_id: string;
  /** The Worker's clock, ms: for minted ids. */
  now_ms: number;
  sha256: (text: string) => string;
  pseudonym: (secret: string) => string;
  /** Adds the cost of a model call where the sender gave none. */
  price: (event: NewEvent) => NewEvent;
  /** True for what Clusterfork itself decided (T5). */
  internal?: boolean;
}

/** With its place in the request. */
export interface Prepared extends PreparedEvent {
  index: number;
}

export interface PreparedBatch {
  prepared: Prepared[];
  /** The events that were refused, each with its reason (L3). */
  results: EventResult[];
}

export function prepare(events: readonly RawEvent[], options: PrepareOptions): PreparedBatch {
  const normaliser: NormaliseOptions = {
    source: options.source,
    key_id: options.key_id,
    internal: options.internal === true,
    mintId: () => mintUuid(options.now_ms),
    sha256Hex: options.sha256,
    pseudonym: options.pseudonym,
  };
  const batch: PreparedBatch = { prepared: [], results: [] };
  for (const [index, raw] of events.entries()) {
    const result = raw.ok ? prepareOne(raw.value, normaliser, options) : raw;
    if (result.ok) batch.prepared.push({ index, ...result.prepared });
    else
      batch.results.push({
        index,
        id: result.id,
        status: "rejected",
        code: result.code,
        message: result.message,
      });
  }
  return batch;
}

type PreparedOne = { ok: true; prepared: PreparedEvent } | Rejection;

function prepareOne(value: unknown, normaliser: NormaliseOptions, options: PrepareOptions): PreparedOne {
  const normalised = normalise(value, normaliser);
  if (!normalised.ok) return normalised;
  const body = canonicalJson(value);
  if (isTooLarge(body)) return tooLarge(normalised.event.id);
  const event = options.price(normalised.event);
  const prepared = { id: event.id, body_sha256: options.sha256(body), json: JSON.stringify(event) };
  return { ok: true, prepared };
}

/** Measured on the compact form: how a sender indents its JSON is its own affair. */
function isTooLarge(body: string): boolean {
  if (body.length > MAX_EVENT_BYTES) return true;
  // A UTF-16 unit is at most three bytes of UTF-8, so most bodies need no exact count.
  return body.length * 3 > MAX_EVENT_BYTES && new TextEncoder().encode(body).length > MAX_EVENT_BYTES;
}

function tooLarge(id: string): Rejection {
  const message = `The event is larger than ${MAX_EVENT_BYTES / 1024} KiB. Send a summary, and keep the artifact where it is.`;
  return { ok: false, id, code: "too_large", message };
}
