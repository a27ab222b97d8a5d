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
import { BodyHash } from "./body-hash.ts";
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
  /** The hash of the body of `prepared[position]` as rooms kept it before `BodyHash`. */
  older_hash: (position: number) => string;
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
  const body_hash = new BodyHash();
  const prepared: Prepared[] = [];
  const results: EventResult[] = [];
  for (const [index, raw] of events.entries()) {
    const result = raw.ok ? prepareOne(raw.value, index, normaliser, options, body_hash) : raw;
    if (result.ok) prepared.push(result.prepared);
    else {
      const { id, code, message } = result;
      results.push({ index, id, status: "rejected", code, message });
    }
  }
  const older_hash = (position: number) => {
    const raw = events[prepared[position]?.index ?? -1];
    if (raw?.ok !== true) throw new Error("no event was prepared there");
    return options.sha256(canonicalJson(raw.value));
  };
  return { prepared, results, older_hash };
}

type PreparedOne = { ok: true; prepared: Prepared } | Rejection;

function prepareOne(
  value: unknown,
  index: number,
  normaliser: NormaliseOptions,
  options: PrepareOptions,
  hash: BodyHash,
): PreparedOne {
  const normalised = normalise(value, normaliser);
  if (!normalised.ok) return normalised;
  const body_hash = hash.of(value);
  if (hash.max_bytes > MAX_EVENT_BYTES && isTooLarge(value)) return tooLarge(normalised.event.id);
  const event = options.price(normalised.event);
  return { ok: true, prepared: { index, id: event.id, body_hash, json: JSON.stringify(event) } };
}

/** Measured on the compact form: how a sender indents its JSON is its own affair. */
function isTooLarge(value: unknown): boolean {
  return new TextEncoder().encode(canonicalJson(value)).length > MAX_EVENT_BYTES;
}

function tooLarge(id: string): Rejection {
  const message = `The event is larger than ${MAX_EVENT_BYTES / 1024} KiB. Send a summary, and keep the artifact where it is.`;
  return { ok: false, id, code: "too_large", message };
}
