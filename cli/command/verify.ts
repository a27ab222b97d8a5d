/** `clusterfork verify FILE|FOLDER|URL`: recomputes a chain: of an export, of what `sync` keeps, of a server's log. */
import { createReadStream, statSync } from "node:fs";
import type { Head } from "../../schema/wire/http.ts";
import { rawLines } from "../chain/raw-lines.ts";
import { ChainVerifier, type Known, type Verdict } from "../chain/verify.ts";
import { resolveConnection } from "../client/connection.ts";
import { readExport } from "../client/export.ts";
import { explainAccess } from "../import/lines.ts";
import { CONNECTION_OPTIONS, readFlags, readPublicKey } from "./flags.ts";
import { describeForgotten } from "./forgotten.ts";
import { UserError } from "./user-error.ts";
import { verifyFolder } from "./verify-folder.ts";

export async function verify(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("verify", args, {
    ...CONNECTION_OPTIONS,
    head: { type: "string" },
    "public-key": { type: "string", multiple: true },
    offline: { type: "boolean", default: false },
  });
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0)
    throw new UserError(
      "verify what? `clusterfork verify FILE`, a folder that sync keeps, or an address; `-` reads standard input.",
      2,
    );
  const known: Known = {
    head: values.head === undefined ? null : readHead(values.head),
    keys: values["public-key"]?.map(readPublicKey) ?? null,
  };
  if (isFolder(what)) {
    if (values.head !== undefined)
      throw new UserError("--head goes with a file or an address; a folder has its own signed heads.", 2);
    return await verifyFolder(what, values, known.keys ?? null);
  }
  const verdict = /^https?:\/\//i.test(what)
    ? await verifyServer(what, values.key, known)
    : await verifyFile(what, known);
  if (verdict.ok) console.log(describe(verdict));
  else console.error(`clusterfork: broken at seq ${verdict.seq}: ${verdict.reason}.`);
  return verdict.ok ? 0 : 1;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

async function verifyFile(path: string, known: Known): Promise<Verdict> {
  try {
    return await verifyLines(path === "-" ? process.stdin : createReadStream(path), known);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${explainAccess(error)}`);
  }
}

async function verifyServer(url: string, key: string | undefined, known: Known): Promise<Verdict> {
  const chunks = await readExport(resolveConnection({ url, key }), 0);
  try {
    return await verifyLines(chunks, known);
  } catch (error) {
    throw new UserError(`the export broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function verifyLines(chunks: AsyncIterable<Uint8Array>, known: Known): Promise<Verdict> {
  const verifier = new ChainVerifier(known);
  for await (const line of rawLines(chunks)) verifier.line(line);
  return verifier.verdict();
}

/** `SEQ:HASH`, as export and verify print it. */
function readHead(text: string): Head {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UserError(`--head takes SEQ:HASH, as export prints it, not "${text}".`, 2);
  return { seq: Number(seq), hash };
}

export function describe({
  from,
  head,
  events,
  forgotten,
  unwitnessed,
  signed,
}: Extract<Verdict, { ok: true }>): string {
  const gone = describeForgotten(forgotten, unwitnessed);
  const by = signed === null ? "not signed" : `signed by ${signed.public_key}`;
  return `whole: ${events} events from seq ${from}${gone}; head ${head.seq}:${head.hash}; ${by}`;
}
