/**
 * The decision of one commit, without storage, clock or chance: which events
 * are new, which are known, and what each request is told.
 */
import { BODY_HASH_DIGITS, linesOf, STRUCTURAL_MARK, type EventBatch } from "../../schema/event/batch.ts";
import type { NewEvent } from "../../schema/event/event.ts";
import { bytesOf, hexOf } from "./chain.ts";
import type { Appended } from "./contract.ts";
import type { Digests } from "./digest/digest.ts";
import { messagesOf } from "./digest/message.ts";
import { ENTRY_BYTES, ENTRY_WORDS, HASH_BYTES, type KnownIds } from "./ids/entry.ts";
import { wordsOf } from "./ids/fresh.ts";

const HASH_WORDS = HASH_BYTES / 4;

/** The events of one request on their way to the log: parsed once, for the rules and the fold alike. */
export interface Candidates {
  events: NewEvent[];
  /** JSON of each, as the log will hold it behind seq and received_at. */
  texts: string[];
  /** For each what is kept of its id: see ids/entry.ts. */
  entries: Uint8Array;
}

/**
 * Throws on what intake never lets through, so that it fails its own request
 * and not the commit of everybody who shares it.
 */
export function candidates(batch: EventBatch, digests: Digests): Candidates {
  const texts = linesOf(batch);
  const events = texts.map(eventOf);
  const entries = new Uint8Array(ENTRY_BYTES * texts.length);
  digests.digest(messagesOf(events.map(({ id }) => id)), null, entries);
  setBodies(wordsOf(entries), wordsOf(bytesOf(batch.body_hashes)));
  return { events, texts, entries };
}

function eventOf(text: string): NewEvent {
  if (!text.startsWith("{")) throw new Error("an event reached the room as something else than an object");
  const event = JSON.parse(text) as NewEvent;
  if (typeof event.id !== "string") throw new Error("an event reached the room without an id");
  return event;
}

/** Each body's hash behind the half that is kept of its id's. In words: by bytes it took as long as hashing the ids. */
function setBodies(entries: Uint32Array, bodies: Uint32Array): void {
  let from = 0;
  for (let at = HASH_WORDS; at < entries.length; at += ENTRY_WORDS) {
    for (let i = 0; i < HASH_WORDS; i += 1) entries[at + i] = bodies[from++] ?? 0;
  }
}

export interface Decision {
  /** What the log takes, in order: the first gets `head_seq + 1`. */
  fresh: Candidates;
  /** One per request. */
  replies: Appended[];
}

/** The common case: nothing is known, nothing comes twice. `all` are those of the requests, joined. */
export function allFresh(requests: readonly Candidates[], all: Candidates, head_seq: number): Decision {
  let seq = head_seq;
  const replies = requests.map(({ events: { length } }): Appended => {
    const reply = { ...NOTHING, conflicts: [] };
    if (length === 0) return reply;
    seq += length;
    return { ...reply, accepted: length, first_seq: seq - length + 1, last_seq: seq };
  });
  return { fresh: all, replies };
}

/** `known` must answer for every candidate; ids repeated inside the group are found here. */
export function decide(requests: readonly Candidates[], known: KnownIds, head_seq: number): Decision {
  const events: NewEvent[] = [];
  const texts: string[] = [];
  const entries: Uint8Array[] = [];
  const seen: KnownIds = new Map(known);
  const replies = requests.map((request) => {
    const reply: Appended = { ...NOTHING, conflicts: [] };
    for (const [index, event] of request.events.entries()) {
      const entry = request.entries.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES);
      const hex = hexOf(entry);
      const id_hash = hex.slice(0, BODY_HASH_DIGITS);
      const body_hash = hex.slice(BODY_HASH_DIGITS);
      const body = seen.get(id_hash);
      if (body === undefined) {
        seen.set(id_hash, body_hash);
        events.push(event);
        texts.push(request.texts[index] ?? "");
        entries.push(entry);
        reply.accepted += 1;
        reply.last_seq = head_seq + events.length;
        reply.first_seq ??= reply.last_seq;
      } else if (body === null || body === body_hash || event.source !== "api") {
        // Two adapters may describe one call in different words: only native senders conflict.
        reply.duplicates += 1;
      } else if (isStructural(body) === isStructural(body_hash)) {
        reply.conflicts.push(index);
      } else if (isStructural(body_hash)) {
        (reply.older ??= []).push(index);
      } else {
        // A Worker of before, while this one is rolled out: it knows no other answer.
        reply.duplicates += 1;
      }
    }
    return reply;
  });
  return { fresh: { events, texts, entries: concatenated(entries) }, replies };
}

const isStructural = (body_hash: string) => body_hash.endsWith(STRUCTURAL_MARK);

const NOTHING = { ok: true, accepted: 0, duplicates: 0, first_seq: null, last_seq: null } as const;

/** The candidates of all requests, in order. */
export function joined(requests: readonly Candidates[]): Candidates {
  const [only] = requests;
  if (requests.length === 1 && only !== undefined) return only;
  return {
    events: new Array<NewEvent>().concat(...requests.map(({ events }) => events)),
    texts: new Array<string>().concat(...requests.map(({ texts }) => texts)),
    entries: concatenated(requests.map(({ entries }) => entries)),
  };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
