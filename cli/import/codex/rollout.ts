/**
 * A line of a rollout, in the order of the formats that Codex has written:
 *
 *   {timestamp, type, payload}             since 2025-10: what RolloutLine serialises to
 *   {type: "message", …}                   before it, without a time of its own
 *   {id, timestamp, git, instructions}     the head of those
 */
import { isObject, object, text, time, type JsonObject } from "../json-field.ts";

export interface RolloutLine {
  at: string;
  /** The line itself: a copy of it counts once. */
  raw: string;
  ms: number;
  /** `session_meta`, `turn_context`, `event_msg`, `response_item`, `compacted`, … */
  type: string;
  payload: JsonObject;
}

/** `last_ms` stands in for the clock of lines that have none, or none that can be read. */
export function readLine(
  raw: JsonObject,
  line: { text: string; at: string },
  last_ms: number | null,
): RolloutLine | string {
  const clock = raw["timestamp"] ?? raw["created_at"];
  const ms = time(clock) ?? last_ms;
  const type = text(raw["type"]);
  if (ms === null) return `no readable timestamp in "${(type ?? "a line without type").slice(0, 40)}"`;
  const place = { at: line.at, raw: line.text, ms };
  if (isObject(raw["payload"]) && type !== null) return { ...place, type, payload: raw["payload"] };
  if (text(raw["record_type"]) !== null) return "nothing to tell in a state of Codex";
  if (type === null && text(raw["role"]) === null && text(raw["id"]) !== null)
    return { ...place, type: "session_meta", payload: raw };
  if (type === null && text(raw["role"]) === null) return "not a line of a rollout";
  return { ...place, type: "response_item", payload: type === null ? { ...raw, type: "message" } : raw };
}

/** Who a rollout belongs to, by its first line. */
export interface Head {
  id: string;
  /** The session whose history stands in front of its own. */
  forked_from: string | null;
  /** The session that started it as a subagent. */
  parent: string | null;
  role: string | null;
  branch: string | null;
  cwd: string | null;
  version: string | null;
  provider: string | null;
  start_ms: number;
}

export function readHead(line: RolloutLine | undefined, fallback_id: string): Head {
  const meta = line?.type === "session_meta" ? line.payload : {};
  const spawn = object(object(object(meta["source"])["subagent"])["thread_spawn"]);
  const parent = text(meta["parent_thread_id"]) ?? text(spawn["parent_thread_id"]);
  return {
    id: text(meta["id"]) ?? fallback_id,
    forked_from: text(meta["forked_from_id"]),
    parent,
    role: text(meta["agent_role"]) ?? text(spawn["agent_role"]) ?? text(meta["agent_nickname"]),
    branch: text(object(meta["git"])["branch"]),
    cwd: text(meta["cwd"]),
    version: text(meta["cli_version"]),
    provider: text(meta["model_provider"]),
    start_ms: line?.ms ?? 0,
  };
}
