/**
 * Proves a copy against itself: the files of all writers are walked side by
 * side in the order of seq, each commit must follow from the one before it, and
 * the chain must pass through every head that the server signed.
 *
 *   writer a ──blocks──┐
 *   writer b ──blocks──┴─▶ the next seq ─▶ chain ─▶ signed heads ─▶ verdict
 *
 * What several writers hold is compared: the same commit in two files is one,
 * another commit under the same seqs is a break.
 */
import { Gaps, NO_WITNESS } from "../../schema/event/witness.ts";
import type { Head } from "../../schema/wire/http.ts";
import type { SignedHead } from "../../schema/wire/signed-head.ts";
import { GENESIS, type Commit } from "../chain/commit.ts";
import { UserError } from "../command/user-error.ts";
import { blocksOf, type Block, type Break } from "./blocks.ts";
import { newestHead, readHeads } from "./heads.ts";
import { pinPath, projectFolder, writersIn, type WriterFiles } from "./layout.ts";
import { readPin } from "./pin.ts";

export type CopyVerdict =
  | {
      ok: true;
      head: Head;
      signed: SignedHead;
      keys: string[];
      /** Seqs whose bytes were destroyed on purpose. */
      forgotten: number[];
      /** How many of them no event of the log names: from before forgetting left a witness. */
      unwitnessed: number;
      /** The head after each commit: seq → hash. */
      heads: Map<number, string>;
    }
  | CopyFault;

export interface CopyFault {
  ok: false;
  /** The first seq that is not proven to be as it was stored. */
  seq: number;
  reason: string;
  path: string;
}

/** A writer's files one after another, with its place: the item that comes next. */
class Cursor {
  readonly path: string;
  readonly #items: AsyncGenerator<Block | Break>;
  next: Block | Break | null = null;

  constructor({ days }: WriterFiles, folder: string) {
    this.path = days[0]?.path ?? folder;
    this.#items = Cursor.#walk(days.map(({ path }) => path));
  }

  static async *#walk(paths: string[]): AsyncGenerator<Block | Break> {
    let after = 0;
    for (const path of paths) {
      for await (const item of blocksOf(path, after)) {
        yield item;
        if ("reason" in item) return;
        after = item.commit.last_seq;
      }
    }
  }

  async advance(): Promise<void> {
    const step = await this.#items.next();
    this.next = step.done === true ? null : step.value;
  }
}

const placeOf = (item: Block | Break): number => item.commit?.first_seq ?? ("reason" in item ? item.seq : 0);

/** `trusted`: keys that the person who asks knows, beside which the pinned ones do not count. */
export async function verifyCopy(
  dir: string,
  project: string,
  trusted: readonly string[] | null = null,
): Promise<CopyVerdict> {
  const folder = projectFolder(dir, project);
  const keys = pinnedKeys(folder, project);
  if (!Array.isArray(keys)) return keys;
  const writers = writersIn(folder);
  const statements = writers.map(({ writer, heads }) => ({
    path: heads ?? `${folder}/heads.${writer}.jsonl`,
    ...readHeads(heads, project, trusted ?? keys),
  }));
  const signed = statements.flatMap((heads) => heads.signed).toSorted((a, b) => a.seq - b.seq);

  const chain = await walk(writers, folder, signed);
  const faults: CopyFault[] = "reason" in chain ? [chain] : [];
  for (const { reason, bytes, whole_bytes, path, ...heads } of statements) {
    const why = reason ?? (bytes > whole_bytes ? "the last line is cut off" : null);
    if (why !== null)
      faults.push({ ok: false, seq: (newestHead(heads.signed)?.seq ?? 0) + 1, reason: why, path });
  }
  const first = faults.toSorted((a, b) => a.seq - b.seq)[0];
  if (first !== undefined) return first;
  const last = signed.at(-1);
  if (last === undefined || "reason" in chain)
    return { ok: false, seq: 1, reason: "there is no signed head", path: folder };
  return { ok: true, ...chain, signed: last, keys };
}

/** Without its key nothing of a copy is proven, from its first seq on. */
function pinnedKeys(folder: string, project: string): string[] | CopyFault {
  const fault = (reason: string): CopyFault => ({ ok: false, seq: 1, reason, path: pinPath(folder) });
  try {
    return readPin(folder, project) ?? fault("the pinned public key is missing");
  } catch (error) {
    if (error instanceof UserError) return fault(error.message);
    throw error;
  }
}

async function walk(
  writers: WriterFiles[],
  folder: string,
  signed: readonly SignedHead[],
): Promise<{ head: Head; forgotten: number[]; unwitnessed: number; heads: Map<number, string> } | CopyFault> {
  const cursors = writers.map((files) => new Cursor(files, folder));
  for (const cursor of cursors) await cursor.advance();
  let head = GENESIS;
  /** The newest signed head that the chain passed through. */
  let proven = 0;
  let at = 0;
  const heads = new Map([[head.seq, head.hash]]);
  const forgotten = new Set<number>();
  const gaps = new Gaps();
  const meet = (path: string): CopyFault | null => {
    for (let noted = signed[at]; noted !== undefined && noted.seq <= head.seq; noted = signed[++at]) {
      if (heads.get(noted.seq) !== noted.hash)
        return {
          ok: false,
          seq: proven + 1,
          reason: `the head at seq ${noted.seq} is not the one that was signed`,
          path,
        };
      proven = noted.seq;
    }
    return null;
  };
  for (;;) {
    const cursor = cursors
      .filter(({ next }) => next !== null)
      .toSorted((a, b) => placeOf(a.next as Block) - placeOf(b.next as Block))[0];
    const unmet = meet(cursor?.next?.path ?? folder);
    if (unmet !== null) return unmet;
    const item = cursor?.next ?? null;
    if (cursor === undefined || item === null) break;
    const { commit, path } = item;
    // Also where a commit breaks off: its first events are proven only where it has its place.
    const reason = commit === null ? null : takeCommit(commit, head, heads);
    if (reason !== null) {
      const again = commit !== null && commit.last_seq <= head.seq;
      return { ok: false, seq: again ? commit.first_seq : head.seq + 1, reason, path };
    }
    if ("reason" in item) return { ok: false, seq: item.seq, reason: item.reason, path };
    for (const seq of item.forgotten) {
      forgotten.add(seq);
      gaps.blank(seq);
    }
    for (const [seq, text] of item.readable) gaps.event(seq, text);
    if (item.commit.last_seq > head.seq) {
      head = { seq: item.commit.last_seq, hash: item.commit.head };
      heads.set(head.seq, head.hash);
    }
    await cursor.advance();
  }
  const newest = signed.at(-1)?.seq ?? 0;
  const fault = (reason: string): CopyFault => ({
    ok: false,
    seq: Math.min(head.seq, newest) + 1,
    reason,
    path: folder,
  });
  if (newest > head.seq) return fault(`the copy is cut off here: the server signed a head at seq ${newest}`);
  if (newest < head.seq) return fault("no signed head covers it; where a sync was cut off, run it again");
  const { bad, unwitnessed } = gaps.close(true);
  if (bad !== null) return { ok: false, seq: bad, reason: NO_WITNESS, path: folder };
  return { head, unwitnessed, forgotten: [...forgotten].sort((a, b) => a - b), heads };
}

/** Null, or why the commit has no place in the chain. */
function takeCommit(commit: Commit, head: Head, heads: ReadonlyMap<number, string>): string | null {
  if (commit.first_seq > head.seq) return commit.follows(head);
  // Another writer's copy of what was walked already, or a repetition that a merge left.
  const before = heads.get(commit.first_seq - 1);
  if (before === undefined) return `two commits overlap at seq ${commit.first_seq}`;
  const reason = commit.follows({ seq: commit.first_seq - 1, hash: before });
  if (reason !== null) return reason;
  return heads.get(commit.last_seq) === commit.head ? null : "two writers hold different commits";
}
