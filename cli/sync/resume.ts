/**
 * Where a copy stands before it grows: the newest signed head of any writer, or
 * further on, where this clone wrote whole commits before it was cut off.
 */
import type { Head } from "../../schema/wire/http.ts";
import { GENESIS } from "../chain/commit.ts";
import { UserError } from "../command/user-error.ts";
import { blocksOf } from "./blocks.ts";
import { newestHead, readHeads } from "./heads.ts";
import { headsPath, writersIn } from "./layout.ts";

/** A file's whole part, to which it is cut before anything is added. */
export interface WholePart {
  path: string;
  bytes: number;
}

export interface Position {
  head: Head;
  /** The newest day that this clone wrote; null: none. */
  day: string | null;
  /** Of this clone's heads: the hash of the last line. */
  last_head_line: string | null;
  /** The seq of the newest signed head of any writer; null: none was noted. */
  signed_seq: number | null;
  whole: WholePart[];
}

export async function findPosition(
  folder: string,
  project: string,
  writer: string,
  keys: readonly string[],
): Promise<Position> {
  const writers = writersIn(folder);
  const position: Position = { head: GENESIS, day: null, last_head_line: null, signed_seq: null, whole: [] };
  for (const files of writers) {
    const heads = readHeads(files.heads, project, keys);
    const own = files.writer === writer;
    if (heads.reason !== null || (!own && heads.whole_bytes < heads.bytes))
      throw damaged(files.heads ?? folder, heads.reason ?? "its last line is cut off");
    if (own) {
      position.last_head_line = heads.last;
      position.whole.push({ path: headsPath(folder, writer), bytes: heads.whole_bytes });
    }
    const newest = newestHead(heads.signed);
    if (newest === null || newest.seq < position.head.seq) continue;
    position.head = { seq: newest.seq, hash: newest.hash };
    position.signed_seq = newest.seq;
  }
  const own = writers.find((files) => files.writer === writer);
  // The newest file may end in the middle of a commit; where it has none that is whole, the one before it counts.
  for (const { day, path } of (own?.days ?? []).toReversed()) {
    const { head, bytes } = await wholePart(path);
    position.whole.push({ path, bytes });
    position.day ??= bytes > 0 ? day : null;
    if (head === null) continue;
    if (head.seq > position.head.seq) position.head = head;
    break;
  }
  return position;
}

async function wholePart(path: string): Promise<{ head: Head | null; bytes: number }> {
  let head: Head | null = null;
  let bytes = 0;
  for await (const item of blocksOf(path, 0)) {
    if ("reason" in item) {
      if (item.cut) break;
      throw damaged(path, `${item.reason} (seq ${item.seq})`);
    }
    head = { seq: item.commit.last_seq, hash: item.commit.head };
    bytes = item.end;
  }
  return { head, bytes };
}

function damaged(path: string, reason: string): UserError {
  return new UserError(
    `${path} is damaged: ${reason}. Nothing was written. \`clusterfork verify\` tells more; \`git checkout HEAD -- ${path}\` restores what was committed.`,
  );
}
