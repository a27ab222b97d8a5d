/**
 * Events on disk while the server is away.
 *
 *   append ─▶ newest file ┄ … ┄ oldest file ─▶ peek ─▶ (acknowledged) drop ─▶ removed when all of it is
 *
 * A file is read only once nothing is appended to it any more. What survives a
 * kill is sent whole by the next process: some of it twice, which the events'
 * ids make harmless (L2). The folder is private to its user, because events
 * stand there as the caller sent them, before any redaction; the key never does.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Backlog, BacklogTrouble } from "./backlog.ts";
import { batchOf, lineOf, type Line } from "./line.ts";
import { MAX_SPOOL_BYTES, type SpoolOptions } from "./options.ts";
import { adopt, fileOf, folderBytes, free, ownerName, type SpoolFile } from "./spool-file.ts";

/** A file is closed at this size, bytes: what one process holds in memory of it, and resends after a kill. */
const FILE_BYTES = 1024 * 1024;
/** Files of an earlier process are counted as so many bytes a line until they are read. */
const GUESSED_LINE_BYTES = 256;

/** A folder for each server and project, so that a spool never reaches another project; a new key finds the old spool. */
export function spoolFolder(options: SpoolOptions, target: { url: string; key: string }): string {
  const base =
    options.folder ??
    join(process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "clusterfork", "spool");
  const project = target.key.split("_").slice(0, 2).join("_");
  return join(base, createHash("sha256").update(`${target.url}\n${project}`).digest("hex").slice(0, 16));
}

interface Entry extends SpoolFile {
  /** Lines that are not acknowledged; a guess until the file is read. */
  lines: number;
  bytes: number;
}

export class Spool implements Backlog {
  readonly #folder: string;
  readonly #max_bytes: number;
  readonly #tell: (trouble: BacklogTrouble) => void;
  readonly #owner = ownerName(crypto.randomUUID().slice(0, 8));
  /** The oldest first; the last one is open while `#open`. */
  #entries: Entry[] = [];
  #open = false;
  #made = 0;
  /** Of the first entry: its lines from the first that is not acknowledged. */
  #reading: Line[] | null = null;
  /** Of all processes, as last counted. */
  #folder_bytes = 0;
  #released = false;

  constructor(folder: string, options: SpoolOptions, tell: (trouble: BacklogTrouble) => void) {
    this.#folder = folder;
    this.#max_bytes = options.max_bytes ?? MAX_SPOOL_BYTES;
    this.#tell = tell;
    this.#guard("cannot use the spool", undefined, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#entries = adopt(folder, this.#owner).map((file) => {
        const bytes = sizeOf(file.path);
        return { ...file, bytes, lines: Math.ceil(bytes / GUESSED_LINE_BYTES) };
      });
    });
  }

  get length(): number {
    return this.#entries.reduce((sum, entry) => sum + entry.lines, 0);
  }

  append(lines: readonly Line[]): number {
    if (this.#released) return 0;
    let stored = 0;
    while (stored < lines.length) {
      const part = this.#guard("cannot write to the spool; events stay in memory", 0, () =>
        this.#appendPart(lines.slice(stored)),
      );
      if (part === 0) break;
      stored += part;
    }
    return stored;
  }

  peek(max_events: number, max_bytes: number): Line[] {
    for (;;) {
      const [entry] = this.#entries;
      if (entry === undefined) return [];
      // From here on it is only read.
      if (this.#entries.length === 1) this.#open = false;
      this.#reading ??= this.#read(entry);
      if (this.#reading.length > 0) return batchOf(this.#reading, max_events, max_bytes);
      this.#remove();
    }
  }

  drop(count: number): void {
    const [entry] = this.#entries;
    if (entry === undefined || this.#reading === null) return;
    this.#reading.splice(0, count);
    entry.lines = this.#reading.length;
    if (entry.lines === 0) this.#remove();
  }

  release(): void {
    this.#released = true;
    for (const entry of this.#entries)
      this.#guard("cannot hand on the spool", undefined, () => free(this.#folder, entry));
    this.#entries = [];
    this.#reading = null;
  }

  /** Writes what fits into the newest file, all or nothing; says how many lines. */
  #appendPart(lines: readonly Line[]): number {
    const last = this.#entries.at(-1);
    const entry = this.#open && last !== undefined && last.bytes < FILE_BYTES ? last : this.#create();
    const part = batchOf(lines, lines.length, Math.max(1, FILE_BYTES - entry.bytes));
    const bytes = part.reduce((sum, line) => sum + line.bytes, 0);
    if (this.#folder_bytes + bytes > this.#max_bytes) {
      const message = `the spool ${this.#folder} holds ${this.#max_bytes} bytes, its limit; events stay in memory`;
      this.#tell({ kind: "full", message: `${message} until that is full too.`, dropped: 0 });
      return 0;
    }
    const file = openSync(entry.path, "a", 0o600);
    try {
      const before = fstatSync(file).size;
      try {
        const text = Buffer.from(`${part.map((line) => line.text).join("\n")}\n`);
        for (let at = 0; at < text.length;) at += writeSync(file, text, at);
      } catch (error) {
        // A full disk takes a part of it: half an event must not stay.
        ftruncateSync(file, before);
        throw error;
      }
    } finally {
      closeSync(file);
    }
    if (entry !== last) this.#entries.push(entry);
    this.#open = true;
    entry.lines += part.length;
    entry.bytes += bytes;
    this.#folder_bytes += bytes;
    return part.length;
  }

  /** It counts once something is in it. */
  #create(): Entry {
    // Not only at the start: there may have been no room for it then.
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // Not at every append: a look at the folder per file keeps all processes' sum near the truth.
    this.#folder_bytes = folderBytes(this.#folder);
    this.#made += 1;
    const order = `${String(Date.now()).padStart(14, "0")}-${String(this.#made).padStart(8, "0")}`;
    const entry = {
      ...fileOf(this.#folder, `${order}-${crypto.randomUUID().slice(0, 4)}`, this.#owner),
      lines: 0,
      bytes: 0,
    };
    return entry;
  }

  #read(entry: Entry): Line[] {
    const text = this.#guard("cannot read the spool", "", () => readFileSync(entry.path, "utf8"));
    const lines = text.split("\n");
    // What follows the last line end was cut off by the end of a process while it wrote.
    const torn = lines.pop() ?? "";
    if (torn !== "")
      this.#tell({
        kind: "disk",
        message: "the end of a process cut off an event in the spool.",
        dropped: 1,
      });
    const whole = lines.filter((line) => line !== "").map(lineOf);
    entry.lines = whole.length;
    return whole;
  }

  /** The first entry is done with. */
  #remove(): void {
    const entry = this.#entries.shift();
    this.#reading = null;
    if (this.#entries.length === 0) this.#open = false;
    if (entry === undefined) return;
    this.#folder_bytes -= entry.bytes;
    this.#guard("cannot remove a file of the spool", undefined, () => rmSync(entry.path, { force: true }));
  }

  /** The disk's errors are told, never thrown: a full disk must not stop the work that is watched. */
  #guard<T>(what: string, otherwise: T, work: () => T): T {
    try {
      return work();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#tell({ kind: "disk", message: `${what}: ${why}`, dropped: 0 });
      return otherwise;
    }
  }
}

function sizeOf(path: string): number {
  const file = openSync(path, "r");
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
