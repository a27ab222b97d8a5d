/**
 * Sessions of pi: `~/.pi/agent/sessions/--<folder>--/<time>_<id>.jsonl`.
 *
 * Entries form a tree (`parentId`), and a branch that was left was paid for all
 * the same: every entry counts. A session that was forked begins with a copy of
 * the other's entries, with the ids and times that they had. `usage` counts
 * cached input apart, and says what the call cost.
 */
import { basename } from "node:path";
import { providerId } from "../../../schema/event/provider-id.ts";
import { count, object, objects, text, time, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "../session/call.ts";
import { readObjects, type ObjectLine } from "../session/line-file.ts";
import {
  answered,
  emptySession,
  given,
  inOrder,
  interrupted,
  lineId,
  prompted,
  record,
  resulted,
  usedAnything,
  wordsOf,
  type ReadSessions,
  type SourceFile,
  type Sources,
} from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said, TranscriptRecord } from "../session/record.ts";
import type { Session } from "../session/session.ts";
import { plainId } from "../session/tell.ts";

const SILENT = new Set([
  "context_transform",
  "custom",
  "custom_message",
  "ephemeral",
  "label",
  "model_change",
  "thinking_level_change",
]);

export const readPi: ReadSessions = async (files, sources, tally) => {
  const sessions = new Map<string, Session>();
  for (const file of files) await readFile(file, sources, tally, sessions);
  return inOrder(sessions.values());
};

async function readFile(
  file: SourceFile,
  sources: Sources,
  tally: Tally,
  sessions: Map<string, Session>,
): Promise<void> {
  const name = basename(file.path).replace(/\.jsonl(?:\.gz)?$/, "");
  const lines: ObjectLine[] = [];
  for await (const line of readObjects(file.path, sources, tally)) lines.push(line);
  const head = lines.find(({ raw }) => raw["type"] === "session")?.raw ?? {};
  const id = plainId(text(head["id"]) ?? name.replace(/^[^_]*_/, ""));
  const session = sessions.get(id) ?? emptySession("pi", id);
  sessions.set(id, session);
  const place = { cwd: text(head["cwd"]), version: text(head["version"]) };
  /** Answer of the provider → entry: servers of one's own may give every answer the same id. */
  const answers = new Map<string, string>();
  for (const line of lines.map((one) => ({ ...one, ms: time(one.raw["timestamp"]) })).sort(byClock)) {
    const type = text(line.raw["type"]) ?? "none";
    const entry = text(line.raw["id"]);
    if (type === "session") tally.mapped += 1;
    else if (type === "session_info") takeTitle(line.raw, session, tally, line.at);
    else if (SILENT.has(type)) tally.skip(`nothing to tell in "${type}"`, line.at);
    else if (line.ms === null) tally.skip(`no readable timestamp in "${type.slice(0, 40)}"`, line.at);
    else {
      const own = entry === null ? lineId(id, line.text) : `${entry}-${line.ms}`;
      const said = readEntry(type, line.raw, line.ms, own, answers);
      if (typeof said === "string") tally.skip(said, line.at);
      else session.records.push(...toRecords(said, { at: line.at, ms: line.ms, uuid: own, ...place }));
    }
  }
}

function byClock(a: { ms: number | null }, b: { ms: number | null }): number {
  return (a.ms ?? 0) - (b.ms ?? 0);
}

function toRecords(said: readonly Said[], where: Parameters<typeof record>[0]): TranscriptRecord[] {
  return said.map((one, index) =>
    index === 0 ? record(where, one) : record({ ...where, uuid: `${where.uuid}-${index}`, aside: true }, one),
  );
}

function takeTitle(raw: JsonObject, session: Session, tally: Tally, at: string): void {
  const title = text(raw["name"]);
  if (title === null) return tally.skip("a name of a session without words", at);
  tally.mapped += 1;
  session.titles.push({ source: "custom", title, leaf: null });
}

function readEntry(
  type: string,
  raw: JsonObject,
  ms: number,
  own: string,
  answers: Map<string, string>,
): Said[] | string {
  if (type === "compaction" || type === "branch_summary")
    return type === "compaction"
      ? [{ kind: "compacted", action: "compacted", used_tokens: count(raw["tokensBefore"]), trigger: null }]
      : 'nothing to tell in "branch_summary"';
  if (type !== "message") return `type "${type.slice(0, 40)}" is not known`;
  const message = object(raw["message"]);
  const role = text(message["role"]) ?? "none";
  switch (role) {
    case "user":
      return [prompted(wordsOf(message["content"]))];
    case "assistant":
      return readAnswer(message, ms, own, answers);
    case "toolResult": {
      const id = text(message["toolCallId"]);
      if (id === null) return "a result that names no call";
      return [resulted(toolResult(id, wordsOf(message["content"]), message["isError"] === true))];
    }
    case "bashExecution": {
      // A command that the person ran; no model asked for it.
      const use = toolUse(`pi-${own}`, "bash", { command: message["command"] });
      const failed = message["cancelled"] === true || message["exitCode"] !== 0;
      return [answered(null, [use]), resulted(toolResult(use.id, text(message["output"]) ?? "", failed))];
    }
    default:
      return `nothing to tell in a message of role "${role.slice(0, 40)}"`;
  }
}

function readAnswer(message: JsonObject, ms: number, own: string, answers: Map<string, string>): Said[] {
  const stop_reason = text(message["stopReason"]);
  const uses = objects(message["content"]).flatMap((part) => {
    const id = text(part["id"]);
    const name = text(part["name"]);
    return part["type"] === "toolCall" && id !== null && name !== null
      ? [toolUse(id, name, part["arguments"])]
      : [];
  });
  const said: Said[] = [answered(readCall(message, stop_reason, ms, own, answers), uses)];
  if (stop_reason === "aborted") said.push(interrupted);
  if (stop_reason === "error")
    said.push({ kind: "api error", error: { status: null, type: null, attempt: null } });
  return said;
}

function readCall(
  message: JsonObject,
  stop_reason: string | null,
  ms: number,
  own: string,
  answers: Map<string, string>,
): Call | null {
  const usage = object(message["usage"]);
  const cost = object(usage["cost"])["total"];
  const amounts = given({
    input_tokens: count(usage["input"]),
    cache_read_tokens: count(usage["cacheRead"]),
    cache_write_tokens: count(usage["cacheWrite"]),
    output_tokens: count(usage["output"]),
    reasoning_tokens: count(usage["reasoning"]),
  });
  if (!usedAnything(amounts)) return null;
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) amounts["cost_usd"] = cost;
  const response = providerId(text(message["responseId"]));
  const first = response === null ? own : (answers.get(response) ?? own);
  if (response !== null) answers.set(response, first);
  const asked_ms = count(message["timestamp"]);
  return {
    message_id: response === null ? `pi-${own}` : first === own ? response : `${response}-${own}`,
    request_id: null,
    model: text(message["model"]),
    provider: text(message["provider"]),
    stop_reason,
    complete: true,
    usage: amounts,
    ...(asked_ms === null || asked_ms >= ms ? {} : { duration_ms: ms - asked_ms }),
  };
}
