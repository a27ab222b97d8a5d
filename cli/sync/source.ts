/** The server that a copy is taken from: is it still the same, and what has it that the copy has not? */
import type { Head } from "../../schema/wire/http.ts";
import type { SignedHead } from "../../schema/wire/signed-head.ts";
import { rawLines } from "../chain/raw-lines.ts";
import { checkSignature } from "../chain/signature.ts";
import { ChainVerifier } from "../chain/verify.ts";
import type { Connection } from "../client/connection.ts";
import { readExport, readSignedHead } from "../client/export.ts";
import { UserError } from "../command/user-error.ts";
import type { DayFiles } from "./append.ts";
import { pinPath } from "./layout.ts";
import { readPin } from "./pin.ts";
import type { Position } from "./resume.ts";

export interface ChainSource {
  head(): Promise<SignedHead>;
  /** The export after a seq. */
  export(since: number): Promise<AsyncIterable<Uint8Array>>;
}

export function sourceOf(connection: Connection): ChainSource {
  return {
    head: () => readSignedHead(connection),
    export: (since) => readExport(connection, since),
  };
}

/** The keys that count, after the server's head was checked with them. `trust`: one that a person added just now. */
export function trustedKeys(
  folder: string,
  ahead: SignedHead,
  trust: string | null,
): { keys: string[]; pinned: string | null } {
  const known = readPin(folder, ahead.project);
  const keys = [...(known ?? (trust === null ? [ahead.public_key] : []))];
  if (trust !== null && !keys.includes(trust)) keys.push(trust);
  if (!keys.includes(ahead.public_key))
    throw new UserError(
      `the server signs with another key than the one that is ${known === null ? "expected" : `pinned in ${pinPath(folder)}`}: ${ahead.public_key}. ` +
        "Ask whoever runs the server whether its KEY_SECRET was changed. If that is its key, run sync with " +
        `\`--trust-key ${ahead.public_key}\`; if not, this is another server. Nothing was written.`,
    );
  const reason = checkSignature(ahead, keys);
  if (reason !== null) throw new UserError(`${reason}. Nothing was written.`);
  return { keys, pinned: known === null ? ahead.public_key : null };
}

/** Throws where the server's log is not the one that the copy was taken from. */
export function compare(ours: Head, ahead: Head): void {
  if (ahead.seq < ours.seq)
    throw new UserError(
      `the server's log ends at seq ${ahead.seq}, and this copy has it up to seq ${ours.seq}: the server lost events, or was set back to a backup. ` +
        "Nothing was written, and the copy is the fuller one: keep it. To go on beside it, sync into another folder.",
    );
  if (ahead.seq === ours.seq && ahead.hash !== ours.hash) throw forked(ours);
}

function forked({ seq }: Head): UserError {
  return new UserError(
    `the server's log is another one than this copy: its head at seq ${seq} differs. It was rewritten, or set back to a backup and written anew. ` +
      "Nothing was written. `clusterfork verify` on the folder names the first seq that differs; to go on beside it, sync into another folder.",
  );
}

/** Appends what comes after `position`, commit by commit as each is proven, and returns the signed head at its end. */
export async function fetchAfter(
  { head: ours }: Pick<Position, "head">,
  files: DayFiles,
  source: ChainSource,
  project: string,
  keys: readonly string[],
): Promise<SignedHead> {
  const verifier = new ChainVerifier({ keys });
  let commit: Uint8Array[] = [];
  let begun = false;
  try {
    for await (const line of rawLines(await source.export(ours.seq))) {
      const before = verifier.head.seq;
      verifier.line(line);
      if (verifier.fault !== null) break;
      if (!begun) {
        begun = true;
        if (verifier.head.seq !== ours.seq || verifier.head.hash !== ours.hash) throw forked(ours);
        continue;
      }
      commit.push(line);
      if (verifier.head.seq === before) continue;
      files.append(commit);
      commit = [];
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `the transfer broke off: ${error instanceof Error ? error.message : String(error)}. Run it again: it goes on where it stopped.`,
    );
  } finally {
    files.close();
  }
  const verdict = verifier.verdict();
  if (!verdict.ok)
    throw new UserError(
      `what the server sent is broken at seq ${verdict.seq}: ${verdict.reason}. Nothing was committed; run it again, it goes on where it stopped.`,
    );
  if (verdict.signed?.project !== project)
    throw new UserError("the server signed another project's head. Nothing was committed.");
  return verdict.signed;
}

/** The first seq where the server's log differs from the copy's; null: nowhere. `heads`: the copy's, seq → hash. */
export async function firstDifference(
  heads: ReadonlyMap<number, string>,
  ahead: Head,
  source: ChainSource,
): Promise<number | null> {
  const seqs = [...heads.keys()].sort((a, b) => a - b).filter((seq) => seq <= ahead.seq);
  const ours_ends = [...heads.keys()].reduce((last, seq) => Math.max(last, seq), 0);
  const same = async (seq: number): Promise<boolean> => {
    const there = await headAt(seq, source);
    return there?.seq === seq && there.hash === heads.get(seq);
  };
  // From the first difference on all heads differ, so it is found by halves. Every chain has seq 0.
  let good = 0;
  let bad = seqs.length;
  if (await same(seqs.at(-1) ?? 0)) good = seqs.length - 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (await same(seqs[middle] ?? 0)) good = middle;
    else bad = middle;
  }
  const agreed = seqs[good] ?? 0;
  return agreed === ours_ends ? null : agreed + 1;
}

/** Where the server's chain stands at `seq`, by the first line of an export; the rest is not read. */
async function headAt(seq: number, source: ChainSource): Promise<Head | null> {
  for await (const line of rawLines(await source.export(seq))) {
    const verifier = new ChainVerifier();
    verifier.line(line);
    return verifier.fault === null ? verifier.head : null;
  }
  return null;
}

/** So many forgotten events of a copy are looked up at the server, a request each. */
export const MAX_FORGOTTEN_ASKED = 100;

/** The first seq that the copy has as forgotten while the server still has the event: it was taken out of the copy. */
export async function firstTakenOut(
  forgotten: readonly number[],
  source: ChainSource,
): Promise<number | null> {
  for (const seq of forgotten.slice(0, MAX_FORGOTTEN_ASKED)) {
    const event = Buffer.from(`{"seq":${seq},`);
    const mark = Buffer.from(JSON.stringify({ clusterfork: "forgotten", seq }));
    for await (const line of rawLines(await source.export(seq - 1))) {
      if (event.equals(line.subarray(0, event.length))) return seq;
      if (mark.equals(line)) break;
    }
  }
  return null;
}
