/** `clusterfork export`: the whole log with its chain, checked on its way to the file. */
import { createWriteStream, renameSync, rmSync } from "node:fs";
import type { Writable } from "node:stream";
import { rawLines } from "../chain/raw-lines.ts";
import { ChainVerifier } from "../chain/verify.ts";
import { resolveConnection } from "../client/connection.ts";
import { readExport } from "../client/export.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { UserError } from "./user-error.ts";
import { describe } from "./verify.ts";

export async function exportCommand(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("export", args, {
    ...CONNECTION_OPTIONS,
    since: { type: "string", default: "0" },
    out: { type: "string" },
  });
  if (positionals.length > 0)
    throw new UserError(
      `export takes options only; "${positionals[0]}" is too much. A file goes with --out.`,
      2,
    );
  const since = wholeNumber("since", values.since, 0, Number.MAX_SAFE_INTEGER);
  const chunks = await readExport(resolveConnection(values), since);
  const verifier = new ChainVerifier();
  // A file appears under its name only when it is whole.
  const partial = values.out === undefined ? null : `${values.out}.partial`;
  try {
    await write(chunks, partial === null ? process.stdout : createWriteStream(partial), verifier);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    // Whoever read our output has enough: `export | head`.
    if (code === "EPIPE") return 0;
    if (partial !== null) rmSync(partial, { force: true });
    throw new UserError(`the export broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
  const verdict = verifier.verdict();
  if (!verdict.ok)
    throw new UserError(
      `the export is broken at seq ${verdict.seq}: ${verdict.reason}.${partial === null ? "" : ` It is kept as ${partial}.`}`,
    );
  if (partial !== null && values.out !== undefined) renameSync(partial, values.out);
  console.error(describe(verdict));
  return 0;
}

async function write(
  chunks: AsyncIterable<Uint8Array>,
  out: Writable,
  verifier: ChainVerifier,
): Promise<void> {
  const failed = new Promise<never>((_resolve, reject) => out.on("error", reject));
  const put = async (bytes: Uint8Array): Promise<void> => {
    if (!out.write(bytes)) await Promise.race([new Promise((drained) => out.once("drain", drained)), failed]);
  };
  const newline = Buffer.from("\n");
  // The lines are checked as they pass.
  const passing = (async () => {
    for await (const line of rawLines(chunks)) {
      verifier.line(line);
      await put(Buffer.concat([line, newline]));
    }
    if (out !== process.stdout) await Promise.race([new Promise<void>((done) => out.end(done)), failed]);
  })();
  await Promise.race([passing, failed]);
}
