/**
 * The decision of one commit, without storage, clock or chance: which events
 * are new, which are known, and what each request is told.
 */
import type { NewEvent } from "../../schema/event/event.ts";
import type { Appended, PreparedEvent } from "./contract.ts";
import { bodyPrefix, hashId, type IdHash, type KnownIds } from "./ids.ts";

/** An event on its way to the log: parsed once, for the rules and the fold alike. */
export interface Candidate extends IdHash {
  event: NewEvent;
  /** JSON of `event`, as the log will hold it behind seq and received_at. */
  json: string;
}

/**
 * Throws on what intake never lets through, so that it fails its own request
 * and not the commit of everybody who shares it.
 */
export function candidate(prepared: PreparedEvent): Candidate {
  const event = JSON.parse(prepared.json) as NewEvent;
  if (!prepared.json.startsWith("{") || prepared.json.includes("\n")) {
    throw new Error("an event reached the room as something else than one line of JSON");
  }
  return {
    event,
    json: prepared.json,
    id_hash: hashId(prepared.id),
    body_hash: bodyPrefix(prepared.body_sha256),
  };
}

export interface Decision {
  /** In order: the first gets `head_seq + 1`. */
  fresh: Candidate[];
  /** One per request. */
  replies: Appended[];
}

/** `known` must answer for every candidate; ids repeated inside the group are found here. */
export function decide(requests: readonly Candidate[][], known: KnownIds, head_seq: number): Decision {
  const fresh: Candidate[] = [];
  const seen: KnownIds = new Map(known);
  const replies = requests.map((candidates) => {
    const reply: Appended = {
      ok: true,
      accepted: 0,
      duplicates: 0,
      first_seq: null,
      last_seq: null,
      conflicts: [],
    };
    for (const [index, one] of candidates.entries()) {
      const body = seen.get(one.id_hash);
      if (body === undefined) {
        seen.set(one.id_hash, one.body_hash);
        fresh.push(one);
        reply.accepted += 1;
        reply.last_seq = head_seq + fresh.length;
        reply.first_seq ??= reply.last_seq;
      } else if (body === null || body === one.body_hash || one.event.source !== "api") {
        // Two adapters may describe one call in different words: only native senders conflict.
        reply.duplicates += 1;
      } else {
        reply.conflicts.push(index);
      }
    }
    return reply;
  });
  return { fresh, replies };
}
