/**
 * Which format a file looks like, so that a wrong name on the command line is
 * answered with the right one instead of a thousand skipped lines.
 */
import { UserError } from "../command/user-error.ts";
import { parseObject, type JsonObject } from "./json-field.ts";
import { readLines } from "./lines.ts";

export const FORMATS = ["claude-code", "gastown", "beads", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** Lines that are looked at in each file. */
const LOOKED_AT_LINES = 20;
/** Files that are looked at: enough to know a folder by. */
const LOOKED_AT_FILES = 20;

const CLAUDE_TYPES = new Set(["assistant", "file-history-snapshot", "progress", "summary", "system", "user"]);
const CODEX_TYPES = new Set(["compacted", "event_msg", "response_item", "session_meta", "turn_context"]);

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
  if (CODEX_TYPES.has(type) && has("payload")) return { formats: [], name: "a rollout of Codex" };
  if (has("sessionId", "projectHash")) return { formats: [], name: "a session of Gemini CLI" };
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
