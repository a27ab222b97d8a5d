/**
 * Live transcripts, followed.
 *
 *   files ──size, time──▶ changed sessions ──read whole──▶ events ──▶ not sent yet? ──▶ book ──▶ Clusterfork
 *
 * The file is the truth: what changed is read again from its beginning, so that
 * a cut line, a file that is written anew, truncated or moved needs no special
 * care. Events that were sent are known by their ids, calls that grew by the book.
 */
import { statSync } from "node:fs";
import type { LineOutcome } from "../lines.ts";
import { readLines, readWhole } from "../lines.ts";
import { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { QUIET_MS } from "../session/archive.ts";
import { mapTranscripts, TRANSCRIPT_TOOLS, type TranscriptFormat } from "../transcripts.ts";
import { findFiles } from "../walk.ts";
import type { Settled } from "./book.ts";

interface Seen {
  stamp: string;
  modified_ms: number;
  /** When it was read, ms. */
  read_ms: number;
}

export interface Reading {
  events: OutgoingEvent[];
  /** Sessions that had changed. */
  sessions: number;
  tally: Tally;
  /** Files that nothing more can be told of unless they change. */
  settled: Settled;
  /** Called when the events were sent: until then the next reading gives them again. */
  done: () => void;
}

const SOURCES = {
  lines: (path: string): AsyncGenerator<LineOutcome> => readLines(path),
  peek: (path: string): AsyncGenerator<LineOutcome> => readLines(path),
  whole: (path: string): Promise<LineOutcome> => readWhole(path),
};

export class Follower {
  readonly #format: TranscriptFormat;
  readonly #paths: readonly string[];
  readonly #seen = new Map<string, Seen>();
  /** Ids of events that were sent; model calls are known to the book. */
  readonly #sent = new Set<string>();
  readonly #owners = new Map<string, string>();

  constructor(format: TranscriptFormat, paths: readonly string[], settled: Settled) {
    this.#format = format;
    this.#paths = paths;
    for (const [path, stamp] of Object.entries(settled))
      this.#seen.set(path, { stamp, modified_ms: 0, read_ms: Infinity });
  }

  get files(): number {
    return this.#seen.size;
  }

  /** What the sessions that changed since the last reading tell; null where none did. */
  async read(now_ms: number): Promise<Reading | null> {
    const tool = TRANSCRIPT_TOOLS[this.#format];
    const tally = new Tally();
    const found = this.#find(tally);
    const changed = new Set<string>();
    const now = new Map<string, Seen>();
    for (const path of found) {
      const seen = look(path, now_ms);
      if (seen === null) continue;
      now.set(path, seen);
      const before = this.#seen.get(path);
      const over = seen.modified_ms + QUIET_MS <= now_ms;
      if (before?.stamp !== seen.stamp || (over && before.read_ms < seen.modified_ms + QUIET_MS))
        changed.add(tool.sessionOf(path));
    }
    if (changed.size === 0) return null;
    const files = [...now].filter(([path]) => changed.has(tool.sessionOf(path)));
    const all = await mapTranscripts(
      this.#format,
      files.map(([path, { modified_ms }]) => ({ path, modified_ms })),
      SOURCES,
      tally,
      now_ms,
      this.#owners,
    );
    const events = all.filter(({ id, event_type }) => event_type === "tokens_used" || !this.#sent.has(id));
    const settled = files.filter(([, { modified_ms }]) => modified_ms + QUIET_MS <= now_ms);
    return {
      events,
      sessions: changed.size,
      tally,
      settled: Object.fromEntries(settled.map(([path, { stamp }]) => [path, stamp])),
      done: () => {
        for (const [path, seen] of files) this.#seen.set(path, seen);
        for (const { id, event_type } of events) if (event_type !== "tokens_used") this.#sent.add(id);
      },
    };
  }

  #find(tally: Tally): string[] {
    const { isTranscript } = TRANSCRIPT_TOOLS[this.#format];
    // A file that is gone for a moment (rotated) may come back.
    return this.#paths
      .filter((path) => look(path, 0) !== null)
      .flatMap((path) => findFiles([path], isTranscript, tally));
  }
}

/** Size and time are taken before reading: what is written meanwhile is seen as a change. */
function look(path: string, read_ms: number): Seen | null {
  try {
    const { size, mtimeMs, ino } = statSync(path);
    return { stamp: `${size} ${mtimeMs} ${ino}`, modified_ms: mtimeMs, read_ms };
  } catch {
    return null;
  }
}
