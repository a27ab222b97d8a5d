/** The commits in a writer's files, each checked in itself: every line against its leaf. What it follows is the reader's to check. */
import { createReadStream, statSync } from "node:fs";
import { exportCommit } from "../../schema/wire/export.ts";
import { Commit, parseOwn } from "../chain/commit.ts";
import { rawLines } from "../chain/raw-lines.ts";
import { readableOf } from "../chain/readable.ts";

export interface Block {
  commit: Commit;
  /** Seqs whose bytes were destroyed on purpose. */
  forgotten: number[];
  /** What the other lines say of forgetting: the event's seq, and its text as `Gaps` needs it. */
  readable: [seq: number, text: string][];
  path: string;
  /** Offset in the file behind its last line, bytes. */
  end: number;
}

/** Where a file stops making sense. */
export interface Break {
  seq: number;
  reason: string;
  path: string;
  /** The commit whose lines end here; null between commits. */
  commit: Commit | null;
  /** The file merely ends in the middle of a commit, as after a kill. */
  cut: boolean;
}

const NEWLINE = 10;
/** The seq that a line of an event, or of a forgotten one, claims. */
const CLAIMED = /^\{(?:"clusterfork":"forgotten",)?"seq":(\d{1,15})[,}]/;
/** A line begins with its seq, well within these bytes. */
const CLAIM_BYTES = 64;

/** Ends after the first break. `after`: the seq that the first commit is expected behind, to name a break before it. */
export async function* blocksOf(path: string, after: number): AsyncGenerator<Block | Break> {
  let last_byte = NEWLINE;
  const chunks = async function* () {
    for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
      last_byte = chunk.at(-1) ?? last_byte;
      yield chunk;
    }
  };
  let block: Block | null = null;
  /** The open commit's line as each side of a merge has it: one side may have salts that the other lacks. */
  let variants: Commit[] = [];
  let seq = after;
  let offset = 0;
  /** Behind the last line that was good. */
  let good = 0;
  // A break in the last line may be a line that was cut off, which only the end of the file tells.
  let fault: string | null = null;
  for await (const bytes of rawLines(chunks())) {
    if (fault !== null) break;
    good = offset;
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    offset += line.length + 1;
    const begun = parseOwn(exportCommit, line);
    const variant = begun === null ? null : new Commit(begun);
    if (variant !== null && variants[0]?.isSame(variant) === true) {
      variants.push(variant);
      continue;
    }
    if (block !== null && seq < block.commit.last_seq) {
      const kind = kindAt(variants, seq + 1, line);
      if (kind === "forgotten") block.forgotten.push(seq + 1);
      if (kind === "event") block.readable.push([seq + 1, readableOf(line)]);
      if (kind !== null) seq += 1;
      else if (!repeats(variants, seq, line)) fault = "the event is not the one that was stored";
      continue;
    }
    if (variant !== null && variant.first_seq <= variant.last_seq) {
      if (block !== null) yield { ...block, end: good };
      block = { commit: variant, forgotten: [], readable: [], path, end: good };
      variants = [variant];
      seq = variant.first_seq - 1;
    } else if (block === null || !repeats(variants, seq, line)) fault = "a commit was expected here";
  }
  const whole_line = last_byte === NEWLINE;
  const whole = block !== null && seq === block.commit.last_seq;
  if (fault !== null) {
    if (whole && block !== null) yield { ...block, end: good };
    const commit = whole ? null : (block?.commit ?? null);
    yield { seq: seq + 1, reason: fault, path, commit, cut: !whole_line && offset > statSync(path).size };
  } else if (block !== null && !whole) {
    yield { seq: seq + 1, reason: "the file is cut off here", path, commit: block.commit, cut: true };
  } else if (!whole_line) {
    yield { seq, reason: "the file's last line has no end", path, commit: block?.commit ?? null, cut: true };
  } else if (block !== null) yield { ...block, end: offset };
}

/** A merge may leave both sides' line of one event, where one side has it forgotten: the same seq a second time. */
function repeats(variants: readonly Commit[], seq: number, line: Buffer): boolean {
  const claimed = CLAIMED.exec(line.subarray(0, CLAIM_BYTES).toString("latin1"))?.[1];
  if (claimed === undefined) return false;
  const again = Number(claimed);
  return again >= (variants[0]?.first_seq ?? 1) && again <= seq && kindAt(variants, again, line) !== null;
}

function kindAt(variants: readonly Commit[], seq: number, line: Buffer): "event" | "forgotten" | null {
  for (const variant of variants) {
    const kind = variant.lineAt(seq, line);
    if (kind !== null) return kind;
  }
  return null;
}
