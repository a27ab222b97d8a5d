/** `clusterfork verify FILE`: recomputes the chain of an export, without a server. */
import { createReadStream } from "node:fs";
import { rawLines } from "../chain/raw-lines.ts";
import { ChainVerifier, type Verdict } from "../chain/verify.ts";
import type { Head } from "../../schema/wire/http.ts";
import { readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

export async function verify(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("verify", args, { head: { type: "string" } });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0)
    throw new UserError("verify which file? `clusterfork verify FILE`; `-` reads standard input.", 2);
  const verifier = new ChainVerifier(values.head === undefined ? null : readHead(values.head));
  try {
    const chunks: AsyncIterable<Uint8Array> = path === "-" ? process.stdin : createReadStream(path);
    for await (const line of rawLines(chunks)) verifier.line(line);
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const verdict = verifier.verdict();
  if (verdict.ok) console.log(describe(verdict));
  else console.error(`clusterfork: broken at seq ${verdict.seq}: ${verdict.reason}.`);
  return verdict.ok ? 0 : 1;
}

/** `SEQ:HASH`, as export and verify print it. */
function readHead(text: string): Head {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined)
    throw new UserError(`--head takes SEQ:HASH, as export prints it, not "${text}".`, 2);
  return { seq: Number(seq), hash };
}

export function describe({ from, head, events, forgotten }: Extract<Verdict, { ok: true }>): string {
  const gone = forgotten > 0 ? `, ${forgotten} forgotten on purpose` : "";
  return `whole: ${events} events from seq ${from}${gone}; head ${head.seq}:${head.hash}`;
}
