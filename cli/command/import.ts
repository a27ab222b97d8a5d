/** `clusterfork import`: recorded work onto the screen. */
import { statSync } from "node:fs";
import { resolveConnection } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { mapBeads } from "../import/beads.ts";
import { mapClaudeCode } from "../import/claude-code/claude-code.ts";
import { findTranscripts, ownTranscripts, type Transcript } from "../import/claude-code/files.ts";
import { NO_CHECKPOINT, openCheckpoint } from "../import/checkpoint.ts";
import { checkFormat, FORMATS, type Format } from "../import/detect.ts";
import { deliver, MAX_BATCH_EVENTS } from "../import/deliver.ts";
import { mapGastown } from "../import/gastown/gastown.ts";
import { expandPaths, readLines, type LineOutcome } from "../import/lines.ts";
import { mapNdjson } from "../import/ndjson.ts";
import { Tally, type OutgoingEvent } from "../import/outgoing.ts";
import { Progress } from "../print/progress.ts";
import { summarise } from "../print/summary.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

/** Larger batches gain little and make a retry costlier. */
const DEFAULT_BATCH_EVENTS = 500;

export async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("import", args, {
    ...CONNECTION_OPTIONS,
    "dry-run": { type: "boolean", default: false },
    batch: { type: "string", default: String(DEFAULT_BATCH_EVENTS) },
    quiet: { type: "boolean", default: false },
  });
  const [name, ...named] = positionals;
  const format = FORMATS.find((known) => known === name);
  if (format === undefined)
    throw new UserError(
      name === undefined
        ? `import what? \`clusterfork import FORMAT PATHS…\` with a format of ${FORMATS.join(", ")}.`
        : `no importer for "${name}". Formats: ${FORMATS.join(", ")}.`,
      2,
    );
  const paths = named.length === 0 && format === "claude-code" ? [ownTranscripts()] : named;
  if (paths.length === 0)
    throw new UserError(
      `name the files to import: \`clusterfork import ${format} PATHS…\` (\`-\` reads standard input).`,
      2,
    );
  const batch_events = wholeNumber("batch", values.batch, 1, MAX_BATCH_EVENTS);
  const progress = new Progress(process.stderr, values.quiet);
  const tally = new Tally();
  const started = performance.now();
  const transcripts = format === "claude-code" ? findTranscripts(paths, tally) : [];
  const files = format === "claude-code" ? transcripts.map(({ path }) => path) : expandPaths(paths);
  await checkFormat(format, files);

  const total_bytes = files.includes("-") ? null : files.reduce((sum, file) => sum + statSync(file).size, 0);
  let read_bytes = 0;
  const onBytes = (bytes: number): void => {
    read_bytes += bytes;
    progress.show(
      `reading: ${tally.records} records`,
      total_bytes === null ? null : read_bytes / total_bytes,
    );
  };
  const events = mapFiles(format, files, transcripts, tally, onBytes);

  if (values["dry-run"]) {
    for await (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`);
    progress.clear();
    console.error(
      summarise({ format, tally, delivery: null, seconds: (performance.now() - started) / 1000 }),
    );
    return readAnything(tally);
  }

  const connection = resolveConnection(values);
  // What a transcript tells grows with the clock: a session that was open an hour ago may be over now.
  const checkpoint = format === "claude-code" ? NO_CHECKPOINT : openCheckpoint(format, files, connection);
  if (checkpoint.sent > 0)
    progress.say(`continuing after ${checkpoint.sent} events that an earlier run delivered`);
  try {
    const delivery = await deliver(events, {
      batch_events,
      skip: checkpoint.sent,
      post: (lines) =>
        postEvents(connection, lines, format === "ndjson" ? "import" : format, {
          onRetry: (reason, wait_ms) =>
            progress.say(`${reason} Trying again in ${(wait_ms / 1000).toFixed(1)} s.`),
        }),
      onBatch: (soFar) => {
        checkpoint.save(soFar.sent);
        progress.show(
          `sent ${soFar.sent} events, ${soFar.accepted} new`,
          total_bytes === null ? null : read_bytes / total_bytes,
        );
      },
    });
    progress.clear();
    checkpoint.clear();
    console.log(summarise({ format, tally, delivery, seconds: (performance.now() - started) / 1000 }));
    return delivery.rejected > 0 || delivery.conflicts > 0 ? 1 : readAnything(tally);
  } catch (error) {
    progress.clear();
    if (error instanceof RequestError)
      throw new UserError(
        `${explainRequest(error)} What was sent is stored; run the same command again to go on.`,
      );
    throw error;
  }
}

/** Exit code; an import that found nothing is a mistake of the command line, not a success. */
function readAnything(tally: Tally): 0 | 1 {
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
  transcripts: readonly Transcript[],
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
    case "claude-code": {
      const open = (path: string): AsyncGenerator<LineOutcome> => readLines(path, onBytes);
      // Standard input cannot be read twice: its session is known by its name alone.
      const peek = (path: string): AsyncIterable<LineOutcome> => (path === "-" ? nothing() : readLines(path));
      yield* await mapClaudeCode(transcripts, { open, peek }, tally, Date.now());
    }
  }
}

async function* nothing(): AsyncGenerator<LineOutcome> {}

async function* concat(files: string[], onBytes: (bytes: number) => void): AsyncGenerator<LineOutcome> {
  for (const file of files) yield* readLines(file, onBytes);
}
