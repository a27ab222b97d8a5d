/**
 * The tools whose transcripts can be read: where they keep them, which files
 * of theirs are transcripts, and who reads them.
 */
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../command/user-error.ts";
import { describe, isTranscript } from "./claude-code/files.ts";
import { mapClaudeCode } from "./claude-code/claude-code.ts";
import { readCodex } from "./codex/codex.ts";
import { readCopilot } from "./copilot/copilot.ts";
import { readGemini } from "./gemini/gemini.ts";
import { readOpencode } from "./opencode/opencode.ts";
import { readOpenhands } from "./openhands/openhands.ts";
import type { Tally } from "./outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { readPi } from "./pi/pi.ts";
import { Archive } from "./session/archive.ts";
import type { ReadSessions, SourceFile, Sources } from "./session/reading.ts";
import { tellSessions } from "./session/tell.ts";
import { readSweAgent } from "./swe-agent/swe-agent.ts";

export const TRANSCRIPT_FORMATS = [
  "claude-code",
  "codex",
  "copilot",
  "gemini",
  "opencode",
  "openhands",
  "pi",
  "swe-agent",
] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

export interface TranscriptTool {
  /** As people call it. */
  title: string;
  /** Which files of a folder are transcripts. */
  isTranscript: (path: string) => boolean;
  /** Where it keeps this user's, the first that is there counts for each name. */
  folders: (env: NodeJS.ProcessEnv) => string[];
  /** Files of one session, by their paths: what belongs together is read together. */
  sessionOf: (path: string) => string;
  read: ReadSessions | "claude-code";
}

const home = (env: NodeJS.ProcessEnv): string => env["HOME"] || homedir();
const LINES = /\.jsonl(?:\.gz)?$/;
const itself = (path: string): string => path;
/** The folder above `name` in a path, or the path itself. */
const above =
  (name: string) =>
  (path: string): string => {
    const place = path.lastIndexOf(`/${name}/`);
    return place === -1 ? path : path.slice(0, place);
  };

export const TRANSCRIPT_TOOLS: Readonly<Record<TranscriptFormat, TranscriptTool>> = {
  "claude-code": {
    title: "Claude Code",
    isTranscript,
    folders: (env) =>
      env["CLAUDE_CONFIG_DIR"]
        ? env["CLAUDE_CONFIG_DIR"].split(",").map((folder) => join(folder.trim(), "projects"))
        : [
            join(home(env), ".claude", "projects"),
            join(env["XDG_CONFIG_HOME"] || join(home(env), ".config"), "claude", "projects"),
          ],
    sessionOf: (path) => above("subagents")(path).replace(/\.jsonl(?:\.gz)?$/, ""),
    read: "claude-code",
  },
  codex: {
    title: "Codex",
    isTranscript: (path) => LINES.test(path) && !/history\.jsonl|session_index\.jsonl/.test(path),
    folders: (env) => {
      const root = env["CODEX_HOME"] || join(home(env), ".codex");
      return [join(root, "sessions"), join(root, "archived_sessions")];
    },
    sessionOf: itself,
    read: readCodex,
  },
  copilot: {
    title: "Copilot CLI",
    isTranscript: (path) => LINES.test(path) || /history-session-state[\\/][^\\/]+\.json$/.test(path),
    folders: (env) => {
      const root = env["COPILOT_HOME"] || join(home(env), ".copilot");
      return [join(root, "session-state"), join(root, "history-session-state")];
    },
    sessionOf: itself,
    read: readCopilot,
  },
  gemini: {
    title: "Gemini CLI",
    isTranscript: (path) =>
      /\.jsonl?(?:\.gz)?$/.test(path) && !/[\\/](?:logs|settings|shell_history)\.json$|checkpoint/.test(path),
    folders: (env) => [join(env["GEMINI_CLI_HOME"] || home(env), ".gemini", "tmp")],
    sessionOf: itself,
    read: readGemini,
  },
  opencode: {
    title: "opencode",
    isTranscript: (path) =>
      /\.json(?:\.gz)?$/.test(path) &&
      !/[\\/]storage[\\/](?:project|session_diff|share|todo)[\\/]/.test(path),
    folders: (env) => [
      join(env["XDG_DATA_HOME"] || join(home(env), ".local", "share"), "opencode", "storage"),
    ],
    // Messages and parts name their session inside: the storage is read as one.
    sessionOf: above("storage"),
    read: readOpencode,
  },
  openhands: {
    title: "OpenHands",
    isTranscript: (path) => /[\\/]events[\\/][^\\/]+\.json$|[\\/]base_state\.json$/.test(path),
    folders: (env) => {
      const root =
        env["OPENHANDS_PERSISTENCE_DIR"] || env["OH_PERSISTENCE_DIR"] || join(home(env), ".openhands");
      return [env["OPENHANDS_CONVERSATIONS_DIR"] || join(root, "conversations"), join(root, "sessions")];
    },
    sessionOf: (path) => above("events")(path).replace(/[\\/]base_state\.json$/, ""),
    read: readOpenhands,
  },
  pi: {
    title: "pi",
    isTranscript: (path) => LINES.test(path),
    folders: (env) => [
      env["PI_CODING_AGENT_SESSION_DIR"] ||
        join(env["PI_CODING_AGENT_DIR"] || join(home(env), ".pi", "agent"), "sessions"),
    ],
    sessionOf: itself,
    read: readPi,
  },
  "swe-agent": {
    title: "SWE-agent",
    isTranscript: (path) => /\.traj(?:\.json)?(?:\.gz)?$/.test(path),
    folders: (env) => [env["SWE_AGENT_TRAJECTORY_DIR"] || join(process.cwd(), "trajectories")],
    sessionOf: itself,
    read: readSweAgent,
  },
};

/** All that the files tell, in the order of their clocks. */
export async function mapTranscripts(
  format: TranscriptFormat,
  files: readonly SourceFile[],
  sources: Sources & { peek: Sources["lines"] },
  tally: Tally,
  now_ms: number,
  owners = new Map<string, string>(),
): Promise<OutgoingEvent[]> {
  const archive = new Archive(owners);
  const { read } = TRANSCRIPT_TOOLS[format];
  if (read === "claude-code") {
    const transcripts = files.map(({ path }) => describe(path));
    return mapClaudeCode(transcripts, { open: sources.lines, peek: sources.peek }, tally, now_ms, archive);
  }
  return tellSessions(await read(files, sources, tally), archive, tally, now_ms);
}

export function sourceFile(path: string): SourceFile {
  if (path === "-") return { path, modified_ms: Date.now() };
  try {
    return { path, modified_ms: statSync(path).mtimeMs };
  } catch {
    throw new UserError(`${path} is gone. Run the same command again.`);
  }
}
