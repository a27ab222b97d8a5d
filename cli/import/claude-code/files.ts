/**
 * Transcripts on disk, as Claude Code lays them out:
 *
 *   <project>/<session>.jsonl                        a session
 *   <project>/<session>/subagents/agent-<id>.jsonl   its subagents (agent-<id>.meta.json: their type)
 *   <project>/agent-<id>.jsonl                       the same in earlier versions
 *
 * Any folder above stands for all of them; other names are read too, and then
 * the lines say which session they belong to.
 */
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { UserError } from "../../command/user-error.ts";
import { parseObject, text } from "../json-field.ts";
import { explainAccess } from "../lines.ts";
import type { Tally } from "../outgoing.ts";

export interface Transcript {
  path: string;
  /** As the path says; null where only the lines tell. */
  session: string | null;
  agent: string | null;
  agent_type: string | null;
}

const TRANSCRIPT = /\.(?:jsonl|ndjson)(?:\.gz)?$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const AGENT = /^agent-(.+)$/;
/** Folders deep; Claude Code's own tree has five. */
const MAX_FOLDER_DEPTH = 12;

/** Where Claude Code keeps this user's transcripts: what is imported when nothing is named. */
export function ownTranscripts(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["CLAUDE_CONFIG_DIR"] || join(homedir(), ".claude"), "projects");
}

/** Every transcript below the paths, each once, in the order of their names. */
export function findTranscripts(paths: readonly string[], tally: Tally): Transcript[] {
  const found = new Map<string, Transcript>();
  for (const path of paths) {
    if (path === "-") {
      found.set(path, { path, session: null, agent: null, agent_type: null });
      continue;
    }
    let folder;
    try {
      folder = statSync(path).isDirectory();
    } catch (error) {
      throw new UserError(`cannot read ${path}: ${explainAccess(error)}`);
    }
    const before = found.size;
    if (folder) walk(path, 0, found, tally);
    else found.set(realpathSync(path), describe(path));
    if (folder && found.size === before)
      throw new UserError(
        `${path} holds no transcript (.jsonl) in it or below. Claude Code keeps them in ~/.claude/projects.`,
      );
  }
  return [...found.values()];
}

function walk(folder: string, depth: number, found: Map<string, Transcript>, tally: Tally): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    // One folder that may not be read is no reason to leave the others.
    if (depth === 0) throw new UserError(`cannot read ${folder}: ${explainAccess(error)}`);
    tally.note(`a folder that cannot be read: ${explainAccess(error)}`, folder);
    return;
  }
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < MAX_FOLDER_DEPTH) walk(path, depth + 1, found, tally);
    // Prompts that were typed, without what became of them, are not a session.
    else if (entry.isFile() && TRANSCRIPT.test(entry.name) && entry.name !== "history.jsonl")
      found.set(realpathSync(path), describe(path));
  }
}

function describe(path: string): Transcript {
  const name = basename(path).replace(TRANSCRIPT, "");
  const agent = AGENT.exec(name)?.[1] ?? null;
  const parent = /([^\\/]+)[\\/]subagents[\\/]/.exec(path)?.[1] ?? null;
  const session = agent === null ? name : parent;
  return {
    path,
    session: session !== null && UUID.test(session) ? session : null,
    agent,
    agent_type: agent === null ? null : readAgentType(path),
  };
}

function readAgentType(path: string): string | null {
  try {
    const meta = parseObject(readFileSync(path.replace(TRANSCRIPT, ".meta.json"), "utf8"));
    return typeof meta === "string" ? null : text(meta["agentType"]);
  } catch {
    // Most versions write none: the lines of the parent say it.
    return null;
  }
}
