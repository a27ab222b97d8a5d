/**
 * opencode's storage, one JSON file each:
 *
 *   storage/session/<project>/<session>.json     who, where, title, parentID of a subagent's session
 *   storage/message/<session>/<message>.json     who spoke, model, tokens of the last step
 *   storage/part/<message>/<part>.json           texts, tools, and `step-finish` with the tokens of one call
 *
 * and what `opencode export` prints: {info, messages: [{info, parts}]}. Files
 * are known by what is in them. An answer may take several calls: where its
 * steps are recorded they count, and the answer's own numbers, which are those
 * of the last step, do not.
 */
import { basename, dirname } from "node:path";
import { object, objects, text, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { readDocument } from "../session/line-file.ts";
import { emptySession, inOrder, type ReadSessions } from "../session/reading.ts";
import type { Session } from "../session/session.ts";
import { plainId } from "../session/tell.ts";
import { tellMessage, type Stored } from "./message.ts";

interface Storage {
  sessions: Map<string, Stored>;
  messages: Map<string, Stored>;
  /** By message. */
  parts: Map<string, Stored[]>;
}

export const readOpencode: ReadSessions = async (files, sources, tally) => {
  const storage: Storage = { sessions: new Map(), messages: new Map(), parts: new Map() };
  for (const { path } of files) {
    const raw = await readDocument(path, sources, tally);
    if (raw === null) continue;
    if (text(object(raw["info"])["id"]) !== null && Array.isArray(raw["messages"]))
      takeExport(raw, path, storage, tally);
    else {
      tally.records += 1;
      take(raw, path, storage, tally);
    }
  }
  return inOrder(tellAll(storage, tally).values());
};

function take(raw: JsonObject, at: string, storage: Storage, tally: Tally): void {
  const id = text(raw["id"]) ?? basename(at).replace(/\.json(?:\.gz)?$/, "");
  const message = text(raw["messageID"]) ?? basename(dirname(at));
  if (text(raw["role"]) !== null && text(raw["sessionID"]) !== null)
    storage.messages.set(id, { raw, at, id });
  else if (text(raw["type"]) !== null) {
    const parts = storage.parts.get(message) ?? [];
    storage.parts.set(message, [...parts, { raw, at, id }]);
  } else if (text(raw["directory"]) !== null || text(raw["projectID"]) !== null)
    storage.sessions.set(id, { raw, at, id });
  else tally.skip("neither a session, a message nor a part of one", at);
}

function takeExport(raw: JsonObject, at: string, storage: Storage, tally: Tally): void {
  const info = object(raw["info"]);
  tally.records += 1;
  storage.sessions.set(text(info["id"]) ?? at, { raw: info, at, id: text(info["id"]) ?? at });
  for (const message of objects(raw["messages"])) {
    const own = object(message["info"]);
    const id = text(own["id"]) ?? "";
    tally.records += 1;
    storage.messages.set(id, { raw: own, at, id });
    const parts = objects(message["parts"]).map((part) => ({ raw: part, at, id: text(part["id"]) ?? "" }));
    tally.records += parts.length;
    storage.parts.set(id, parts);
  }
}

function tellAll({ sessions, messages, parts }: Storage, tally: Tally): Map<string, Session> {
  const told = new Map<string, Session>();
  const rootOf = (id: string): string => {
    const seen = new Set([id]);
    for (
      let up = text(sessions.get(id)?.raw["parentID"]);
      up !== null && !seen.has(up);
      up = text(sessions.get(up)?.raw["parentID"])
    ) {
      seen.add(up);
      id = up;
    }
    return id;
  };
  const sessionOf = (id: string): Session => {
    const root = plainId(rootOf(id));
    const session = told.get(root) ?? emptySession("opencode", root);
    told.set(root, session);
    return session;
  };
  for (const { raw, id } of sessions.values()) {
    tally.mapped += 1;
    const session = sessionOf(id);
    const title = text(raw["title"]);
    // What a session is called until opencode found a title.
    if (title !== null && rootOf(id) === id && !/^New session - /.test(title))
      session.titles.push({ source: "ai", title, leaf: null });
  }
  for (const message of messages.values()) {
    const id = text(message.raw["sessionID"]) ?? "";
    const info = sessions.get(id)?.raw ?? {};
    const own = (parts.get(message.id) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    parts.delete(message.id);
    tellMessage(message, own, { id, sub: rootOf(id) !== id, info, session: sessionOf(id) }, tally);
  }
  for (const orphans of parts.values())
    for (const { at } of orphans) tally.skip("a part of a message that is not here", at);
  return told;
}
