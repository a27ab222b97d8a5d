/**
 * Sessions of Gemini CLI: `~/.gemini/tmp/<project>/chats/session-<time>-<id>.json`,
 * since 2026 `.jsonl`, and subagents in `chats/<session>/`.
 *
 *   .json    one document {sessionId, messages: […]}
 *   .jsonl   its head, then a message a line; a message that is written again replaces
 *            itself, `$set` changes the head, `$rewindTo` takes messages off the conversation
 *
 * Messages that were taken off were paid for: they stay. `tokens` are those of
 * the API: cached input is part of the input, thoughts are not part of the
 * output, tool prompts are no part of the input. No id of the provider's is
 * recorded; the message's own names the call.
 */
import { basename, dirname } from "node:path";
import { isObject, object, objects, text, time, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { readDocument, readObjects } from "../session/line-file.ts";
import {
  emptySession,
  inOrder,
  type ReadSessions,
  type SourceFile,
  type Sources,
} from "../session/reading.ts";
import type { Session } from "../session/session.ts";
import { plainId } from "../session/tell.ts";
import { tellMessage, type Chat } from "./message.ts";

export const readGemini: ReadSessions = async (files, sources, tally) => {
  const sessions = new Map<string, Session>();
  for (const file of files) {
    const chat = /\.jsonl(?:\.gz)?$/.test(file.path)
      ? await readLines(file, sources, tally)
      : await readWhole(file, sources, tally);
    if (chat !== null) takeChat(chat, sessions, tally);
  }
  return inOrder(sessions.values());
};

interface ChatFile {
  path: string;
  head: JsonObject;
  messages: { raw: JsonObject; at: string }[];
}

async function readWhole(file: SourceFile, sources: Sources, tally: Tally): Promise<ChatFile | null> {
  const head = await readDocument(file.path, sources, tally);
  if (head === null) return null;
  // Earlier versions called the messages history.
  const list = Array.isArray(head["messages"]) ? head["messages"] : head["history"];
  const messages = objects(list).map((raw, index) => ({ raw, at: `${file.path}#${index + 1}` }));
  tally.records += 1 + messages.length;
  tally.mapped += 1;
  return { path: file.path, head, messages };
}

async function readLines(file: SourceFile, sources: Sources, tally: Tally): Promise<ChatFile | null> {
  let head: JsonObject = {};
  const messages = new Map<string, { raw: JsonObject; at: string }>();
  for await (const { raw, text: line, at } of readObjects(file.path, sources, tally)) {
    const id = text(raw["id"]);
    if (isObject(raw["$set"])) {
      tally.mapped += 1;
      head = { ...head, ...raw["$set"] };
      for (const message of objects(raw["$set"]["messages"]))
        messages.set(text(message["id"]) ?? line, { raw: { ...message, aside: true }, at });
    } else if ("$rewindTo" in raw)
      tally.skip("a step back in the conversation; what was used stays used", at);
    else if ("sessionId" in raw && !("type" in raw)) {
      tally.mapped += 1;
      head = { ...raw, ...head };
    } else {
      const before = messages.get(id ?? line);
      if (before !== undefined && before.raw["aside"] !== true)
        tally.skip("older state of a message that is written again", before.at);
      messages.set(id ?? line, { raw, at });
    }
  }
  return { path: file.path, head, messages: [...messages.values()] };
}

function takeChat({ path, head, messages }: ChatFile, sessions: Map<string, Session>, tally: Tally): void {
  const own = text(head["sessionId"]) ?? basename(path).replace(/\.jsonl?(?:\.gz)?$/, "");
  const sub = head["kind"] === "subagent";
  const folder = basename(dirname(path));
  const id = plainId(sub && folder !== "chats" ? folder : own);
  const session = sessions.get(id) ?? emptySession("gemini", id);
  sessions.set(id, session);
  const summary = text(head["summary"]);
  if (summary !== null && !sub) session.titles.push({ source: "summary", title: summary, leaf: null });
  const chat: Chat = {
    own,
    sub,
    start_ms: time(head["startTime"]) ?? time(head["start_time"]),
    model: text(object(head["meta"])["model"]),
    cwd: text(Array.isArray(head["directories"]) ? head["directories"][0] : null),
  };
  for (const message of messages) tellMessage(message, chat, session, tally);
}
