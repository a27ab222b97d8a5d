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
import { readFileSync, realpathSync } from "node:fs";
import { basename } from "node:path";
import { UserError } from "../../command/user-error.ts";
import { parseObject, text } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { findFiles } from "../walk.ts";

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

/** Prompts that were typed, without what became of them, are not a session. */
export function isTranscript(path: string): boolean {
  return TRANSCRIPT.test(path) && basename(path) !== "history.jsonl";
}

/** Every transcript below the paths, each once, in the order of their names. */
export function findTranscripts(paths: readonly string[], tally: Tally): Transcript[] {
  return paths
    .flatMap((path) => {
      const found = findFiles([path], isTranscript, tally);
      if (found.length === 0)
        throw new UserError(
          `${path} holds no transcript (.jsonl) in it or below. Claude Code keeps them in ~/.claude/projects.`,
        );
      return found;
    })
    .filter(onceByRealPath())
    .map(describe);
}

/** Two names of one file are one transcript. */
function onceByRealPath(): (path: string) => boolean {
  const seen = new Set<string>();
  return (path) => {
    const real = path === "-" ? path : realpathSync(path);
    return !seen.has(real) && seen.add(real) !== undefined;
  };
}

export function describe(path: string): Transcript {
  if (path === "-") return { path, session: null, agent: null, agent_type: null };
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
