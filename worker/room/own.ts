/** Clusterfork's own events: the only way by which an agent `clusterfork:<organ>` reaches the log (T5). */
import { hash } from "node:crypto";
import { packEvents, type EventBatch, type PreparedEvent } from "../../schema/event/batch.ts";
import { EVENT_VERSION, type NewEvent } from "../../schema/event/event.ts";
import { CLUSTERFORK_PREFIX, OWN_KEY_ID, type AppendPort, type OwnEvent } from "../../schema/event/own.ts";
import type { Principal, RoomRpc } from "./contract.ts";

const OWN_SOURCE = "clusterfork";

/**
 * `clusterfork:` and SHA-256("clusterfork" ‖ organ ‖ cause…), each part behind its length, so that no two
 * lists read alike. The prefix is refused to senders (schema/event/parse.ts): who could take such an id
 * first would keep Clusterfork's own event out of the log for ever (L2).
 */
export function derivedId(organ: string, cause: OwnEvent["cause"]): string {
  const parts = [OWN_SOURCE, organ, ...cause.map((part) => `${typeof part}:${String(part)}`)];
  const text = parts.map((part) => `${String(part.length)}:${part}`).join("");
  return CLUSTERFORK_PREFIX + hash("sha256", text, "hex");
}

export function prepareOwn(own: OwnEvent): PreparedEvent {
  const { organ, cause, ...rest } = own;
  const event: NewEvent = {
    id: derivedId(organ, cause),
    agent_id: CLUSTERFORK_PREFIX + organ,
    ...rest,
    source: OWN_SOURCE,
    key_id: OWN_KEY_ID,
    v: EVENT_VERSION,
  };
  const json = JSON.stringify(event);
  return { id: event.id, body_hash: hash("sha256", json, "hex"), json };
}

export const CLUSTERFORK: Principal = { kind: "clusterfork" };

export function packOwn(events: readonly OwnEvent[]): EventBatch {
  return packEvents(events.map(prepareOwn));
}

/** The port of one project's room. */
export function appendPort(room: Pick<RoomRpc, "append">): AppendPort {
  return async (events) => {
    const reply = await room.append(CLUSTERFORK, packOwn(events));
    if (!reply.ok) throw new Error(`the room stored nothing: ${reply.reason}`);
  };
}
