/** One import of one format: read, map, send or show, sum up. */
import { statSync } from "node:fs";
import type { AppendResponse } from "../../schema/wire/http.ts";
import { resolveConnection, type Connection, type ConnectionFlags } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { mapBeads } from "../import/beads.ts";
import { NO_CHECKPOINT, openCheckpoint } from "../import/checkpoint.ts";
import { checkFormat, type Format } from "../import/detect.ts";
import { deliver, type Delivery } from "../import/deliver.ts";
import { mapGastown } from "../import/gastown/gastown.ts";
import { expandPaths, readLines, readWhole, type LineOutcome } from "../import/lines.ts";
import { mapNdjson } from "../import/ndjson.ts";
import { Tally } from "../import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import {
  mapTranscripts,
  sourceFile,
  TRANSCRIPT_FORMATS,
  TRANSCRIPT_TOOLS,
  type TranscriptFormat,
} from "../import/transcripts.ts";
import { findFiles } from "../import/walk.ts";
import type { Progress } from "../print/progress.ts";
import { sending, tryingAgain } from "../print/sending.ts";
import { summarise } from "../print/summary.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

export interface ImportOptions {
  flags: ConnectionFlags;
  dry_run: boolean;
  batch_events: number;
  progress: Progress;
}

export function isTranscriptFormat(format: Format): format is TranscriptFormat {
  return TRANSCRIPT_FORMATS.some((known) => known === format);
}

function filesOf(format: Format, paths: readonly string[], tally: Tally): string[] {
  if (!isTranscriptFormat(format)) return expandPaths(paths);
  const { isTranscript, title, folders } = TRANSCRIPT_TOOLS[format];
  for (const path of paths)
    if (findFiles([path], isTranscript, tally).length === 0)
      throw new UserError(
        `${path} holds no transcript of ${title} in it or below. It keeps them in ${folders(process.env).join(", ")}.`,
      );
  return findFiles(paths, isTranscript, tally);
}

/** A source opened: its events as they are read, with what was counted on the way. */
export interface Opened {
  format: Format;
  files: string[];
  tally: Tally;
  events: AsyncGenerator<OutgoingEvent>;
  /** How much of the files is read, 0 to 1; null where nobody knows their size. */
  share: () => number | null;
}

export async function openImport(
  format: Format,
  paths: readonly string[],
  progress: Progress,
): Promise<Opened> {
  const tally = new Tally();
  const files = filesOf(format, paths, tally);
  await checkFormat(format, files);
  const total_bytes = files.includes("-") ? null : files.reduce((sum, file) => sum + statSync(file).size, 0);
  let read_bytes = 0;
  const share = (): number | null => (total_bytes === null ? null : read_bytes / total_bytes);
  const events = mapFiles(format, files, tally, (bytes) => {
    read_bytes += bytes;
    progress.show(`reading: ${tally.records} records`, share());
  });
  return { format, files, tally, events, share };
}

export async function runImport(
  format: Format,
  paths: readonly string[],
  options: ImportOptions,
): Promise<number> {
  const { progress } = options;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const { files, tally, events, share } = await openImport(format, paths, progress);

  if (options.dry_run) {
    for await (const event of events) printEvent(event);
    progress.clear();
    console.error(summarise({ format, tally, delivery: null, seconds: seconds() }));
    return readAnything(tally);
  }

  const connection = resolveConnection(options.flags);
  // What a transcript tells grows with the clock: a session that was open an hour ago may be over now.
  const checkpoint = isTranscriptFormat(format) ? NO_CHECKPOINT : openCheckpoint(format, files, connection);
  if (checkpoint.sent > 0)
    progress.say(`continuing after ${checkpoint.sent} events that an earlier run delivered`);
  const delivery = await explained(progress, () =>
    deliver(events, {
      batch_events: options.batch_events,
      skip: checkpoint.sent,
      post: postAs(format, connection, progress),
      onBatch: (soFar) => {
        checkpoint.save(soFar.sent);
        progress.show(...sending(soFar, share()));
      },
    }),
  );
  checkpoint.clear();
  console.log(summarise({ format, tally, delivery, seconds: seconds() }));
  return Math.max(refusedAnything(delivery), readAnything(tally));
}

export function printEvent(event: OutgoingEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/** Sends lines in the name of the format that they were read from. */
export function postAs(format: Format, connection: Connection, progress: Progress) {
  return (lines: string[]): Promise<AppendResponse> =>
    postEvents(connection, lines, format === "ndjson" ? "import" : format, {
      onRetry: (reason, wait_ms) => progress.say(`${reason} ${tryingAgain(wait_ms)}`),
    });
}

/** What the server says against sending, in a person's words. */
export async function explained<T>(progress: Progress, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    throw new UserError(
      `${explainRequest(error)} What was sent is stored; run the same command again to go on.`,
    );
  } finally {
    progress.clear();
  }
}

/** Exit code. */
export function refusedAnything({ rejected, conflicts }: Delivery): 0 | 1 {
  return rejected > 0 || conflicts > 0 ? 1 : 0;
}

/** Exit code; an import that found nothing is a mistake of the command line, not a success. */
export function readAnything(tally: Tally): 0 | 1 {
  if (tally.mapped > 0) return 0;
  console.error(
    tally.records === 0
      ? "nothing to import: the files are empty."
      : "nothing to import: no line could be read as this format. The reasons are above.",
  );
  return 1;
}

async function* mapFiles(
  format: Format,
  files: string[],
  tally: Tally,
  onBytes: (bytes: number) => void,
): AsyncGenerator<OutgoingEvent> {
  switch (format) {
    case "ndjson":
      yield* mapNdjson(
        files.map((file) => readLines(file, onBytes)),
        tally,
      );
      return;
    case "beads":
      yield* await mapBeads(concat(files, onBytes), tally);
      return;
    case "gastown":
      yield* await mapGastown(concat(files, onBytes), tally);
      return;
    case "claude-code":
    case "codex":
    case "copilot":
    case "gemini":
    case "opencode":
    case "openhands":
    case "pi":
    case "swe-agent": {
      const sources = {
        lines: (path: string): AsyncGenerator<LineOutcome> => readLines(path, onBytes),
        whole: (path: string): Promise<LineOutcome> => readWhole(path, onBytes),
        // Standard input cannot be read twice: its session is known by its name alone.
        peek: (path: string): AsyncIterable<LineOutcome> => (path === "-" ? nothing() : readLines(path)),
      };
      yield* await mapTranscripts(format, files.map(sourceFile), sources, tally, Date.now());
    }
  }
}

async function* nothing(): AsyncGenerator<LineOutcome> {}

async function* concat(files: string[], onBytes: (bytes: number) => void): AsyncGenerator<LineOutcome> {
  for (const file of files) yield* readLines(file, onBytes);
}
