/**
 * Which format a file looks like, so that a wrong name on the command line is
 * answered with the right one instead of a thousand skipped lines.
 */
import { UserError } from "../command/user-error.ts";
import { parseObject, type JsonObject } from "./json-field.ts";
import { readLines, readWhole } from "./lines.ts";
import { Tally } from "./outgoing.ts";
import { TRANSCRIPT_FORMATS } from "./transcripts.ts";
import { findFiles } from "./walk.ts";

export const FORMATS = [...TRANSCRIPT_FORMATS, "gastown", "beads", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** Lines that are looked at in each file. */
const LOOKED_AT_LINES = 20;
/** Files that are looked at: enough to know a folder by. */
const LOOKED_AT_FILES = 20;

const LOOKED_AT = /\.(?:jsonl?|ndjson|traj)(?:\.gz)?$/;

const CLAUDE_TYPES = new Set(["assistant", "file-history-snapshot", "progress", "summary", "system", "user"]);
const CODEX_TYPES = new Set(["compacted", "event_msg", "response_item", "session_meta", "turn_context"]);

const COPILOT_TYPE = /^(?:session|assistant|user|tool|hook|subagent)\.[a-z_]+$/;

interface Look {
  /** Formats that can read it. */
  formats: readonly Format[];
  name: string;
}

export function lookOf(raw: JsonObject): Look | null {
  const has = (...keys: string[]): boolean => keys.every((key) => key in raw);
  const type = typeof raw["type"] === "string" ? raw["type"] : "";
  if (has("event_type", "agent_id")) return { formats: ["ndjson"], name: "Clusterfork's own events" };
  if (has("event_type", "issue_id")) return { formats: ["gastown"], name: "a ledger of Gas Town" };
  if (has("issue_id", "depends_on_id") || has("issue_id", "author", "text") || has("ts", "actor", "type"))
    return { formats: ["gastown"], name: "a ledger of Gas Town" };
  if (has("id", "title") && (has("issue_type") || has("status")))
    return { formats: ["beads", "gastown"], name: "issues of Beads" };
  if (CODEX_TYPES.has(type) && has("payload")) return { formats: ["codex"], name: "a rollout of Codex" };
  if (has("sessionId", "projectHash")) return { formats: ["gemini"], name: "a session of Gemini CLI" };
  if (type === "session" && has("id", "cwd")) return { formats: ["pi"], name: "a session of pi" };
  if (COPILOT_TYPE.test(type) && has("data", "parentId"))
    return { formats: ["copilot"], name: "a session of Copilot CLI" };
  if (has("sessionId", "startTime", "timeline"))
    return { formats: ["copilot"], name: "a session of Copilot CLI" };
  if (has("trajectory", "info") || has("trajectory_format", "messages"))
    return { formats: ["swe-agent"], name: "a trajectory of SWE-agent" };
  if (has("sessionID", "role") || has("messageID", "type") || has("projectID", "directory"))
    return { formats: ["opencode"], name: "a file of opencode's storage" };
  if (has("info", "messages")) return { formats: ["opencode"], name: "a session that opencode exported" };
  if (
    has("kind", "timestamp", "source") ||
    (has("timestamp", "source") && (has("action") || has("observation")))
  )
    return { formats: ["openhands"], name: "an event of OpenHands" };
  if (CLAUDE_TYPES.has(type) && (has("sessionId") || has("leafUuid") || has("messageId")))
    return { formats: ["claude-code"], name: "a transcript of Claude Code" };
  return null;
}

/** Throws when no file fits the format and at least one is recognised as something else. */
export async function checkFormat(format: Format, files: readonly string[]): Promise<void> {
  let other: { file: string; look: Look } | null = null;
  // Standard input cannot be looked at and then read again.
  for (const file of files.filter((path) => path !== "-").slice(0, LOOKED_AT_FILES)) {
    const look = await lookAt(file);
    if (look === null) continue;
    if (look.formats.includes(format)) return;
    other ??= { file, look };
  }
  if (other === null) return;
  const [better] = other.look.formats;
  throw new UserError(
    better === undefined
      ? `${other.file} looks like ${other.look.name}, which cannot be imported. Formats: ${FORMATS.join(", ")}.`
      : `${other.file} looks like ${other.look.name}: try \`clusterfork import ${better} …\`.`,
  );
}

async function lookAt(file: string): Promise<Look | null> {
  let left = LOOKED_AT_LINES;
  try {
    if (/\.(?:json|traj)$/.test(file)) {
      const whole = await readWhole(file);
      const raw = "text" in whole ? parseObject(whole.text) : "";
      if (typeof raw !== "string") return lookOf(raw);
    }
    for await (const line of readLines(file)) {
      const raw = "text" in line ? parseObject(line.text) : "";
      const look = typeof raw === "string" ? null : lookOf(raw);
      if (look !== null) return look;
      if (--left === 0) break;
    }
  } catch (error) {
    // Reading it in earnest says what is wrong with it.
    if (!(error instanceof UserError)) throw error;
  }
  return null;
}

/** The format of what is named, by the first transcript in it that is known; null where none is. */
export async function formatOf(paths: readonly string[]): Promise<Format | null> {
  const files = findFiles(paths, (path) => LOOKED_AT.test(path), new Tally());
  for (const file of files.slice(0, LOOKED_AT_FILES)) {
    const [format] = (await lookAt(file))?.formats ?? [];
    if (format !== undefined) return format;
  }
  return null;
}
