/**
 * Lines of text from files, folders and standard input, streamed. Gzip is
 * recognised by its first two bytes (RFC 1952 §2.3.1), not by the name.
 */
import { createReadStream, readdirSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UserError } from "../command/user-error.ts";

/** A document longer than this is skipped, characters: whole sessions stand in one. */
const MAX_DOCUMENT_CHARS = 64 * 1024 * 1024;

/** One line longer than this is skipped, characters: an event is at most 64 KiB, a Beads issue some hundred. */
const MAX_LINE_CHARS = 8 * 1024 * 1024;

export interface Line {
  text: string;
  /** Where it stands, for messages: `file:12`. */
  at: string;
}

export type LineOutcome = Line | { skipped: string; at: string };

/** Files to read: a folder stands for the `.jsonl`, `.ndjson` (and `.gz`) files in it, in name order. */
export function expandPaths(paths: readonly string[]): string[] {
  const files: string[] = [];
  for (const path of paths) {
    if (path === "-") {
      files.push(path);
      continue;
    }
    if (!isFolder(path)) {
      files.push(path);
      continue;
    }
    const inside = namesIn(path)
      .filter((name) => /\.(jsonl|ndjson)(\.gz)?$/.test(name))
      .sort()
      .map((name) => join(path, name))
      .filter(isFileOrUnknown);
    if (inside.length === 0)
      throw new UserError(`${path} holds no .jsonl or .ndjson file. Name the files, or another folder.`);
    files.push(...inside);
  }
  return files;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UserError(`cannot read ${folder}: ${explainAccess(error)}`);
  }
}

/** Not a folder, and not a pipe; of what cannot be looked at, reading says why. */
function isFileOrUnknown(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return true;
  }
}

/** Whether a path that was named is a folder, else a file. A pipe may never end, and cannot be read twice. */
export function isFolder(path: string): boolean {
  let stats;
  try {
    stats = statSync(path);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${explainAccess(error)}`);
  }
  if (stats.isDirectory()) return true;
  if (stats.isFile()) return false;
  throw new UserError(
    `${path} is neither a file nor a folder. Send what it says into \`clusterfork import FORMAT -\`.`,
  );
}

export function explainAccess(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or folder.";
  if (code === "EACCES" || code === "EPERM") return "no permission. Check who may read it (ls -l).";
  return error instanceof Error ? error.message : String(error);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** A file as one text, such as a JSON document. */
export async function readWhole(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<LineOutcome> {
  const parts: string[] = [];
  let length = 0;
  const decoder = new TextDecoder();
  for await (const chunk of chunksOf(path, onBytes)) {
    const part = decoder.decode(chunk, { stream: true });
    length += part.length;
    if (length > MAX_DOCUMENT_CHARS)
      return { skipped: `longer than ${MAX_DOCUMENT_CHARS} characters`, at: path };
    parts.push(part);
  }
  return { text: parts.join("") + decoder.decode(), at: path };
}

/** Every non-empty line; `onBytes` is told the bytes read from disk, for the progress bar. */
export async function* readLines(
  path: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<LineOutcome> {
  yield* splitLines(chunksOf(path, onBytes), nameOf(path));
}

const nameOf = (path: string): string => (path === "-" ? "standard input" : path);

async function* chunksOf(path: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    let stream: Readable;
    if (path === "-") {
      stream = process.stdin;
      stream.on("data", (chunk: Buffer) => onBytes(chunk.length));
    } else {
      const gzip = await isGzip(path);
      const raw = createReadStream(path);
      raw.on("data", (chunk) => onBytes(chunk.length));
      if (gzip) {
        const gunzip = createGunzip();
        raw.on("error", (error) => gunzip.destroy(error));
        stream = raw.pipe(gunzip);
      } else stream = raw;
    }
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code.startsWith("Z_"))
      throw new UserError(
        `${nameOf(path)} is a damaged or cut gzip file (${code}). Check it with \`gzip -t\`.`,
      );
    throw new UserError(`cannot read ${nameOf(path)}: ${explainAccess(error)}`);
  }
}

async function* splitLines(stream: AsyncIterable<Buffer>, name: string): AsyncGenerator<LineOutcome> {
  const decoder = new TextDecoder();
  let rest = "";
  let number = 0;
  let overflowing = false;
  const finish = (text: string): LineOutcome | null => {
    number += 1;
    const at = `${name}:${number}`;
    if (overflowing || text.length > MAX_LINE_CHARS) {
      overflowing = false;
      return { skipped: `line longer than ${MAX_LINE_CHARS} characters`, at };
    }
    const trimmed = text.trim();
    return trimmed === "" ? null : { text: trimmed, at };
  };
  for await (const chunk of stream) {
    const text = decoder.decode(chunk, { stream: true });
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      const outcome = finish(rest + text.slice(start, end));
      rest = "";
      start = end + 1;
      if (outcome !== null) yield outcome;
    }
    rest += text.slice(start);
    if (rest.length > MAX_LINE_CHARS) {
      overflowing = true;
      rest = "";
    }
  }
  rest += decoder.decode();
  if (rest !== "" || overflowing) {
    const outcome = finish(rest);
    if (outcome !== null) yield outcome;
  }
}
