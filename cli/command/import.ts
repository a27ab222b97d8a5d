/** `clusterfork import`: recorded work onto the screen. */
import { existsSync } from "node:fs";
import { MAX_BATCH_EVENTS } from "../import/deliver.ts";
import { FORMATS, formatOf, type Format } from "../import/detect.ts";
import { TRANSCRIPT_TOOLS } from "../import/transcripts.ts";
import { Progress } from "../print/progress.ts";
import { discover } from "./discover.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { isTranscriptFormat, runImport } from "./import-run.ts";
import { UserError } from "./user-error.ts";
import { watch } from "./watch.ts";

/** Larger batches gain little and make a retry costlier. */
const DEFAULT_BATCH_EVENTS = 500;

export async function importCommand(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("import", args, {
    ...CONNECTION_OPTIONS,
    "dry-run": { type: "boolean", default: false },
    batch: { type: "string", default: String(DEFAULT_BATCH_EVENTS) },
    discover: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
    watch: { type: "boolean", default: false },
    yes: { type: "boolean", default: false },
  });
  const batch_events = wholeNumber("batch", values.batch, 1, MAX_BATCH_EVENTS);
  const progress = new Progress(process.stderr, values.quiet);
  const options = { flags: values, dry_run: values["dry-run"], batch_events, progress };
  const [first] = positionals;
  const named = FORMATS.find((known) => known === first);
  if (values.discover) {
    if (values.watch) throw new UserError("--discover imports once; --watch follows what you name.", 2);
    if (first !== undefined && (named === undefined || !isTranscriptFormat(named)))
      throw new UserError(`--discover looks for transcripts; "${first}" is none of their formats.`, 2);
    return discover(named !== undefined && isTranscriptFormat(named) ? [named] : null, values.yes, options);
  }
  const format = named ?? (values.watch ? await formatOf(positionals) : null);
  if (format === null)
    throw new UserError(
      first === undefined
        ? `import what? \`clusterfork import FORMAT PATHS…\` with a format of ${FORMATS.join(", ")}; or --discover.`
        : `no importer for "${first}". Formats: ${FORMATS.join(", ")}.`,
      2,
    );
  const paths = pathsOf(format, named === undefined ? positionals : positionals.slice(1));
  if (!values.watch) return runImport(format, paths, options);
  if (!isTranscriptFormat(format))
    throw new UserError(`--watch follows transcripts; ${format} is imported as a whole.`, 2);
  if (values["dry-run"] || paths.includes("-"))
    throw new UserError("--watch follows files and sends them; leave --dry-run and - out.", 2);
  return watch(format, paths, options);
}

/** Without any path a tool's own folders are meant. */
function pathsOf(format: Format, named: readonly string[]): readonly string[] {
  if (named.length > 0) return named;
  if (!isTranscriptFormat(format))
    throw new UserError(
      `name the files to import: \`clusterfork import ${format} PATHS…\` (\`-\` reads standard input).`,
      2,
    );
  const folders = TRANSCRIPT_TOOLS[format].folders(process.env);
  const there = folders.filter((folder) => existsSync(folder));
  if (there.length === 0)
    throw new UserError(
      `${TRANSCRIPT_TOOLS[format].title} keeps nothing here (${folders.join(", ")}). Name the files or folders: \`clusterfork import ${format} PATHS…\`.`,
    );
  return there;
}
