/**
 * What every transcript comes down to before events are made of it: who did what,
 * when and where. Each format has a reader that gives these; what they mean is
 * told in one place (`session.ts`).
 */
import type { JsonObject } from "../json-field.ts";
import type { Call } from "./call.ts";

/** Where and when a line was written. */
export interface Place {
  /** For messages to people: `file:12`. */
  at: string;
  ms: number;
  /** The line's own id, or one made of its content: a line that is read again counts once. */
  uuid: string | null;
  parent: string | null;
  /** Set on lines of a subagent. */
  agent: string | null;
  /** Role of the subagent, where the line says so. */
  agent_type: string | null;
  /** The tool call that a subagent's line belongs to. */
  spawned_by: string | null;
  sidechain: boolean;
  branch: string | null;
  cwd: string | null;
  version: string | null;
  /** More of a line that is counted already, as where one line holds an answer and its tools' results. */
  aside?: boolean;
}

export type TranscriptRecord = Place & { said: Said };

/** A title that was given to the session, or to the work that ends at a line of it. */
export interface GivenTitle {
  source: "custom" | "ai" | "summary";
  title: string;
  leaf: string | null;
}

/** What a tool does, whatever its name: what follows from a call depends on it. */
export type ToolAct = "shell" | "write" | "todos" | "task-create" | "task-update" | "ask" | "other";

export interface ToolUse {
  id: string;
  name: string;
  act: ToolAct;
  /** Files that it is about, as the tool was given them. */
  paths: string[];
  input: JsonObject;
}

export interface ToolResult {
  id: string;
  failed: boolean;
  output: string;
  /** What else is recorded of the result. */
  details: JsonObject;
  rejected: boolean;
  /** Where the tool's time was measured, ms. */
  duration_ms?: number;
}

export type Said =
  | { kind: "user"; prompt: string | null; results: ToolResult[]; interrupted: boolean; slug: string | null }
  | { kind: "assistant"; call: Call | null; uses: ToolUse[]; error: ApiError | null; slug: string | null }
  /** What a call used, where that stands apart from what was said. */
  | { kind: "usage"; call: Call }
  | { kind: "compacted"; action: string; used_tokens: number | null; trigger: string | null }
  | { kind: "api error"; error: ApiError }
  | { kind: "turn ended" }
  | { kind: "pull request"; number: number; url: string | null; repository: string | null };

export interface ApiError {
  status: number | null;
  type: string | null;
  attempt: number | null;
}

/** Characters of a prompt that are looked at for a title. */
export const MAX_PROMPT_CHARS = 4_000;
/** Characters of a command's output that are searched for test results; Claude Code itself cuts at 30,000. */
export const MAX_OUTPUT_CHARS = 100_000;
/** Characters of one field of a tool's input. */
export const MAX_INPUT_CHARS = 4_000;
