/** What the readers of all formats share: files, places, words and usage. */
import { createHash } from "node:crypto";
import { count, objects, text } from "../json-field.ts";
import type { LineOutcome } from "../lines.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "./call.ts";
import {
  MAX_PROMPT_CHARS,
  type Place,
  type Said,
  type ToolResult,
  type ToolUse,
  type TranscriptRecord,
} from "./record.ts";
import type { Session } from "./session.ts";

export interface SourceFile {
  path: string;
  /** When it was last written, ms: the only clock of formats that record none. */
  modified_ms: number;
}

/** How files are read; tests hand in texts. */
export interface Sources {
  lines: (path: string) => AsyncIterable<LineOutcome>;
  /** A file that is one JSON document. */
  whole: (path: string) => Promise<LineOutcome>;
}

/** Sessions in the order in which they began. Whatever is not read is counted with its reason. */
export type ReadSessions = (
  files: readonly SourceFile[],
  sources: Sources,
  tally: Tally,
) => Promise<Session[]>;

type Where = Pick<Place, "at" | "ms" | "uuid"> & Partial<Place>;

export function record(where: Where, said: Said): TranscriptRecord {
  return {
    parent: null,
    agent: null,
    agent_type: null,
    spawned_by: null,
    sidechain: false,
    branch: null,
    cwd: null,
    version: null,
    ...where,
    said,
  };
}

export function emptySession(tool: string, id: string): Session {
  return { tool, id, records: [], titles: [], agent_types: new Map() };
}

/** Of a line without an id: its content, so that a copy of the file counts once. */
export function lineId(session: string, line: string): string {
  return createHash("sha256").update(`${session}\n${line}`).digest("hex").slice(0, 32);
}

/** Ids of tool calls that are shorter than this are not made to be unique beyond their session: `call_1`. */
const MIN_UNIQUE_CHARS = 16;

/** By their first clock, and by name where that is the same; ids of tool calls told apart. */
export function inOrder(sessions: Iterable<Session>): Session[] {
  const first = (session: Session): number =>
    session.records.reduce((least, { ms }) => Math.min(least, ms), Infinity);
  return [...sessions]
    .map((session) => ({ session: qualified(session), ms: first(session) }))
    .sort((a, b) => a.ms - b.ms || (a.session.id < b.session.id ? -1 : 1))
    .map(({ session }) => session);
}

function qualified(session: Session): Session {
  for (const { said } of session.records) {
    const named = said.kind === "assistant" ? said.uses : said.kind === "user" ? said.results : [];
    for (const one of named) if (one.id.length < MIN_UNIQUE_CHARS) one.id = `${session.id}/${one.id}`;
  }
  return session;
}

export const prompted = (words: string | null): Said => ({
  kind: "user",
  prompt: words === null ? null : words.slice(0, MAX_PROMPT_CHARS),
  results: [],
  interrupted: false,
  slug: null,
});
export const resulted = (...results: ToolResult[]): Said => ({
  kind: "user",
  prompt: null,
  results,
  interrupted: false,
  slug: null,
});
export const interrupted: Said = { kind: "user", prompt: null, results: [], interrupted: true, slug: null };
export const answered = (call: Call | null, uses: ToolUse[] = []): Said => ({
  kind: "assistant",
  call,
  uses,
  error: null,
  slug: null,
});

/** Texts of a message, which is one text or a list of parts. */
export function wordsOf(content: unknown): string {
  if (typeof content === "string") return content;
  return objects(content)
    .map((part) => text(part["text"]) ?? "")
    .filter((part) => part !== "")
    .join("\n");
}

/** Five kinds of tokens, each once: input that includes its cached part is cut down to the rest. */
export function includingCache(tokens: {
  input: unknown;
  cache_read?: unknown;
  cache_write?: unknown;
  output: unknown;
  reasoning?: unknown;
}): Record<string, number> {
  const read = count(tokens.cache_read);
  const write = count(tokens.cache_write);
  const input = count(tokens.input);
  return given({
    input_tokens: input === null ? null : Math.max(0, input - (read ?? 0) - (write ?? 0)),
    cache_read_tokens: read,
    cache_write_tokens: write,
    output_tokens: count(tokens.output),
    reasoning_tokens: count(tokens.reasoning),
  });
}

export function given(numbers: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(numbers).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

/** A call of nothing (aborted before it began) is none. */
export function usedAnything(usage: Record<string, number>): boolean {
  return Object.values(usage).some((amount) => amount > 0);
}

/** litellm's `anthropic/claude-sonnet-5` is a provider and a model. */
export function modelOf(name: string | null): { model: string | null; provider: string | null } {
  const parts = name?.split("/") ?? [];
  return parts.length < 2
    ? { model: name, provider: null }
    : { model: parts.at(-1) ?? null, provider: parts.at(-2) ?? null };
}
