/**
 * Conversations of OpenHands, one JSON file for each event.
 *
 *   conversations/<id>/events/event-00001-<uuid>.json   {id, timestamp, source, kind, …}      the SDK and CLI
 *   conversations/<id>/base_state.json                  model, and `stats`: tokens and cost of each call
 *   sessions/<id>/events/1.json                         {id, timestamp, source, action | observation}   before 1.0
 *
 * Before 1.0 an event carries what the conversation had used so far: what it
 * moved by since the event before is the call's. Input includes cached input.
 * Times are written without a zone: they are read as this computer's.
 */
import { basename, dirname } from "node:path";
import { object, text, time, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { readDocument } from "../session/line-file.ts";
import { emptySession, inOrder, record, type ReadSessions } from "../session/reading.ts";
import type { Said } from "../session/record.ts";
import { plainId } from "../session/tell.ts";
import { callsOf } from "./stats.ts";
import { Earlier } from "./earlier.ts";
import { readSdkEvent } from "./sdk-event.ts";

interface Conversation {
  id: string;
  state: JsonObject | null;
  state_at: string;
  events: { raw: JsonObject; at: string; ms: number; id: string }[];
}

export const readOpenhands: ReadSessions = async (files, sources, tally) => {
  const conversations = new Map<string, Conversation>();
  for (const { path } of files) {
    const raw = await readDocument(path, sources, tally);
    if (raw === null) continue;
    tally.records += 1;
    const folder = dirname(path);
    const id = basename(basename(folder) === "events" ? dirname(folder) : folder);
    const conversation = conversations.get(id) ?? { id, state: null, state_at: path, events: [] };
    conversations.set(id, conversation);
    if (basename(path).startsWith("base_state.json"))
      Object.assign(conversation, { state: raw, state_at: path });
    else if ("kind" in raw || "action" in raw || "observation" in raw) {
      const ms = time(raw["timestamp"]);
      const own = raw["id"];
      const event =
        typeof own === "number" ? String(own) : (text(own) ?? basename(path).replace(/\.json.*$/, ""));
      if (ms === null) tally.skip("no readable timestamp in an event", path);
      else conversation.events.push({ raw, at: path, ms, id: event });
    } else tally.skip("neither an event nor the state of a conversation", path);
  }
  return inOrder([...conversations.values()].map((conversation) => tell(conversation, tally)));
};

function tell({ id, state, state_at, events }: Conversation, tally: Tally): ReturnType<typeof emptySession> {
  const session = emptySession("openhands", plainId(id));
  const title = text(state?.["title"]);
  if (title !== null) session.titles.push({ source: "custom", title, leaf: null });
  const cwd = text(object(state?.["workspace"])["working_dir"]);
  const push = (said: Said, ms: number, uuid: string, at: string, aside: boolean): void => {
    session.records.push(record({ at, ms, uuid: `${session.id}/${uuid}`, cwd, aside }, said));
  };
  events.sort((a, b) => a.ms - b.ms || Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : 1));
  const earlier = new Earlier(session.id);
  for (const event of events) {
    const said = "kind" in event.raw ? readSdkEvent(event.raw) : earlier.read(event.raw, event.id);
    if (typeof said === "string") tally.skip(said, event.at);
    else if (said.length === 0) tally.mapped += 1;
    for (const [index, one] of (typeof said === "string" ? [] : said).entries())
      push(one, event.ms, index === 0 ? event.id : `${event.id}-${index}`, event.at, index > 0);
  }
  if (state === null) return session;
  tally.mapped += 1;
  const last_ms = events.at(-1)?.ms ?? null;
  const answered_ms = new Map(events.flatMap(({ raw, ms }) => asPair(text(raw["llm_response_id"]), ms)));
  for (const { call, response_id, asked_ms } of callsOf(state, session.id)) {
    const ms = answered_ms.get(response_id ?? "") ?? asked_ms ?? last_ms;
    if (ms === null) tally.note("a model call without a time, in a conversation without events", state_at);
    else push({ kind: "usage", call }, ms, `call-${call.message_id}`, state_at, true);
  }
  return session;
}

function asPair(id: string | null, ms: number): [string, number][] {
  return id === null ? [] : [[id, ms]];
}
