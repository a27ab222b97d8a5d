/**
 * One line of a transcript, cut down to what an event may be made of. The
 * format is Claude Code's own and changes between versions: every field may be
 * missing, and a type that is not known is counted, never guessed at.
 */
import { cut, isObject, object, text, time, type JsonObject } from "../json-field.ts";
import { MAX_PROMPT_CHARS, type GivenTitle, type Place, type TranscriptRecord } from "../session/record.ts";
import { readSaid } from "./said.ts";

export type ReadLine = { record: TranscriptRecord } | { title: GivenTitle } | { skipped: string };

const TITLES: Readonly<Record<string, [GivenTitle["source"], string]>> = {
  "custom-title": ["custom", "customTitle"],
  "ai-title": ["ai", "aiTitle"],
  summary: ["summary", "summary"],
};

/** Types that hold nothing for an event: the editor's and the terminal's own book-keeping. */
const SILENT = new Set([
  "agent-name",
  "attachment",
  "atis-latch",
  "bridge-session",
  "file-history-snapshot",
  "frame-link",
  "last-prompt",
  "mode",
  "permission-mode",
  "queue-operation",
  "relocated",
  "result",
  "started",
  "tag",
  "worktree-state",
]);

export function readRecord(raw: JsonObject, at: string): ReadLine {
  const type = text(raw["type"]);
  if (type === null) return { skipped: "no type: not a line of a transcript" };
  const title = TITLES[type];
  if (title !== undefined && Object.hasOwn(TITLES, type)) {
    const [source, field] = title;
    const given = text(raw[field]);
    if (given === null) return { skipped: `no title in "${type}"` };
    return { title: { source, title: cut(given, MAX_PROMPT_CHARS), leaf: text(raw["leafUuid"]) } };
  }
  if (SILENT.has(type)) return { skipped: `nothing to tell in "${type}"` };
  if (type === "progress") return readProgress(raw, at);
  const said = readSaid(type, raw);
  if (typeof said === "string") return { skipped: said };
  const place = readPlace(raw, at);
  if (place === null) return { skipped: `no readable timestamp in "${cut(type, 40)}"` };
  return { record: { ...place, said } };
}

function readPlace(raw: JsonObject, at: string): Place | null {
  const ms = time(raw["timestamp"]);
  if (ms === null) return null;
  return {
    at,
    ms,
    uuid: text(raw["uuid"]),
    parent: text(raw["parentUuid"]),
    agent: text(raw["agentId"]),
    agent_type: text(raw["attributionAgent"]),
    spawned_by: null,
    sidechain: raw["isSidechain"] === true,
    branch: text(raw["gitBranch"]),
    cwd: text(raw["cwd"]),
    version: text(raw["version"]),
  };
}

/** A subagent's line may stand inside its parent's transcript, wrapped as progress. */
function readProgress(raw: JsonObject, at: string): ReadLine {
  const data = object(raw["data"]);
  const inner = data["message"];
  // Wrapped once: a line that wraps itself again and again is nobody's.
  if (data["type"] !== "agent_progress" || !isObject(inner) || inner["type"] === "progress")
    return { skipped: 'nothing to tell in "progress"' };
  const agent = text(data["agentId"]);
  const read = readRecord(
    { ...raw, parentUuid: null, ...inner, isSidechain: true, agentId: agent, toolUseResult: undefined },
    at,
  );
  if ("record" in read) read.record.spawned_by = text(raw["parentToolUseID"]);
  return read;
}
