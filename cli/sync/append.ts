/** Commits of the chain, appended whole to the file of their day. */
import { closeSync, constants, fsyncSync, openSync, truncateSync, writeSync } from "node:fs";
import { dayPath } from "./layout.ts";
import type { WholePart } from "./resume.ts";

/** Never through a link: what is written must stay in the folder. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
const MODE = 0o644;

/** Cuts away what a kill left half-written: it is fetched once more. */
export function cutToWhole(parts: readonly WholePart[], sizeOf: (path: string) => number): void {
  for (const { path, bytes } of parts) if (sizeOf(path) > bytes) truncateSync(path, bytes);
}

/** Appends and waits for the disk. */
export function appendText(path: string, text: string): void {
  const file = openSync(path, APPEND, MODE);
  try {
    writeAll(file, Buffer.from(text));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

export class DayFiles {
  readonly #folder: string;
  readonly #writer: string;
  #day: string;
  #open: { path: string; file: number } | null = null;

  /** `day`: the newest that this writer has. */
  constructor(folder: string, writer: string, day: string | null) {
    this.#folder = folder;
    this.#writer = writer;
    // Commits of forgotten events alone tell no day: before all others they keep the files' order.
    this.#day = day ?? "1970-01-01";
  }

  /** One commit's lines, without their ends. A kill leaves at most this one cut off. */
  append(lines: readonly Uint8Array[]): void {
    const day = dayOf(lines);
    // Files never go back a day, whatever a clock did: their order is the order of seqs.
    if (day !== null && day > this.#day) this.#day = day;
    const path = dayPath(this.#folder, this.#day, this.#writer);
    if (this.#open?.path !== path) {
      this.close();
      this.#open = { path, file: openSync(path, APPEND, MODE) };
    }
    const newline = Buffer.from("\n");
    writeAll(this.#open.file, Buffer.concat(lines.flatMap((line) => [line, newline])));
  }

  /** What was appended is on disk afterwards. */
  close(): void {
    if (this.#open === null) return;
    fsyncSync(this.#open.file);
    closeSync(this.#open.file);
    this.#open = null;
  }
}

/** The UTC day on which a commit arrived: of its first event that still has its bytes. */
function dayOf(lines: readonly Uint8Array[]): string | null {
  // The first line is the commit's own.
  for (const line of lines.slice(1)) {
    const event: unknown = JSON.parse(Buffer.from(line).toString());
    if (typeof event !== "object" || event === null || !("received_at" in event)) continue;
    const day = /^(\d{4}-\d{2}-\d{2})T/.exec(String(event.received_at))?.[1];
    if (day !== undefined) return day;
  }
  return null;
}
