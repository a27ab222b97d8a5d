/**
 * Sessions of Copilot CLI: `~/.copilot/session-state/<id>.jsonl`, later
 * `<id>/events.jsonl`; before them `history-session-state/session_<id>_<time>.json`.
 *
 * Each answer records its output tokens only. The rest (input, cached input) is
 * told once, for each model, by `session.shutdown`: that becomes one more
 * `tokens_used` with what the answers did not tell, so that the sum is right. A
 * file of the SDK that holds `assistant.usage` has every call whole, and then
 * nothing else counts. Premium requests are no dollars and are not sent.
 */
import { basename, dirname } from "node:path";
import { object, objects, text, time, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { readDocument, readObjects } from "../session/line-file.ts";
import {
  emptySession,
  inOrder,
  lineId,
  type ReadSessions,
  type SourceFile,
  type Sources,
} from "../session/reading.ts";
import type { Session } from "../session/session.ts";
import { plainId } from "../session/tell.ts";
import { CopilotTeller, type CopilotEvent } from "./teller.ts";

export const readCopilot: ReadSessions = async (files, sources, tally) => {
  const sessions = new Map<string, Session>();
  for (const file of files) {
    const events = /\.json(?:\.gz)?$/.test(file.path)
      ? await readHistory(file, sources, tally)
      : await readEvents(file, sources, tally);
    const start = events.find(({ type }) => type === "session.start")?.data ?? {};
    const id = plainId(text(start["sessionId"]) ?? nameOf(file.path));
    const session = sessions.get(id) ?? emptySession("copilot", id);
    sessions.set(id, session);
    const teller = new CopilotTeller(
      session,
      events.some(({ type }) => type === "assistant.usage"),
      tally,
    );
    for (const event of events.toSorted((a, b) => a.ms - b.ms)) teller.tell(event);
  }
  return inOrder(sessions.values());
};

function nameOf(path: string): string {
  const name = basename(path).replace(/\.jsonl?(?:\.gz)?$/, "");
  return name === "events" ? basename(dirname(path)) : name.replace(/^session_/, "").replace(/_\d+$/, "");
}

async function readEvents(file: SourceFile, sources: Sources, tally: Tally): Promise<CopilotEvent[]> {
  const events: CopilotEvent[] = [];
  let last_ms: number | null = null;
  for await (const { raw, text: line, at } of readObjects(file.path, sources, tally)) {
    const type = text(raw["type"]);
    // A clock that cannot be read: the line stands behind the one before.
    const ms: number | null = time(raw["timestamp"]) ?? last_ms;
    last_ms = ms;
    if (type === null) tally.skip("no type: not a line of a session of Copilot", at);
    else if (ms === null) tally.skip(`no readable timestamp in "${type.slice(0, 40)}"`, at);
    else {
      const agent = text(object(raw["data"])["parentToolCallId"]) ?? text(raw["agentId"]);
      events.push({ type, data: object(raw["data"]), ms, at, id: lineId("", line), agent });
    }
  }
  return events;
}

/** The timeline of early versions, in the words of the later ones. */
async function readHistory(file: SourceFile, sources: Sources, tally: Tally): Promise<CopilotEvent[]> {
  const raw = await readDocument(file.path, sources, tally);
  if (raw === null) return [];
  const start = time(raw["startTime"]);
  const events: CopilotEvent[] = [];
  const push = (type: string, data: JsonObject, ms: number, at: string, source: unknown): void => {
    events.push({
      type,
      data,
      ms,
      at,
      id: lineId(text(raw["sessionId"]) ?? "", JSON.stringify(source)),
      agent: null,
    });
  };
  tally.records += 1;
  if (start === null) tally.skip("a session without a readable startTime", file.path);
  else push("session.start", { sessionId: raw["sessionId"] }, start, file.path, [raw["sessionId"], start]);
  for (const [index, entry] of objects(raw["timeline"]).entries()) {
    const at = `${file.path}#${index + 1}`;
    const ms = time(entry["timestamp"]);
    const type = text(entry["type"]) ?? "none";
    tally.records += 1;
    if (ms === null) {
      tally.skip(`no readable timestamp in "${type.slice(0, 40)}"`, at);
      continue;
    }
    const named = { toolCallId: entry["callId"], toolName: entry["name"], arguments: entry["arguments"] };
    const result = object(entry["result"]);
    switch (type) {
      case "user":
        push("user.message", { content: entry["text"] }, ms, at, entry);
        break;
      case "copilot":
        push("assistant.message", {}, ms, at, entry);
        break;
      case "tool_call_requested":
        push("tool.execution_start", named, ms, at, entry);
        break;
      case "tool_call_completed":
        push(
          "tool.execution_complete",
          { ...named, success: result["type"] === "success", result: { content: result["log"] } },
          ms,
          at,
          entry,
        );
        break;
      case "error":
        push("session.error", {}, ms, at, entry);
        break;
      default:
        push(type, {}, ms, at, entry);
    }
  }
  return events;
}
