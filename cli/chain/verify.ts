/**
 * The hash chain of an export, recomputed line by line (L5; the format and the
 * formulas: schema/wire/export.ts). It runs without a server, and says which
 * seq is the first that is not as it was stored.
 */
import { createHash } from "node:crypto";
import {
  exportCommit,
  exportEnd,
  exportForgotten,
  exportStart,
  LEAF_BYTES,
  SALT_BYTES,
  type ExportCommit,
} from "../../schema/wire/export.ts";
import type { Head } from "../../schema/wire/http.ts";

export type Verdict =
  | { ok: true; from: number; head: Head; events: number; forgotten: number }
  | {
      ok: false;
      /** The first seq that is not as it was stored. */
      seq: number;
      reason: string;
    };

/** What every line of the format other than an event begins with; no stored event does. */
const OWN_LINE = Buffer.from('{"clusterfork":');

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export class ChainVerifier {
  readonly #wanted: Head | null;
  #from: number | null = null;
  /** Of the last whole commit. */
  #head: Head = { seq: 0, hash: "" };
  #commit:
    (Pick<ExportCommit, "last_seq" | "head"> & { salts: Buffer; leaves: Buffer; first_seq: number }) | null =
    null;
  /** The last seq whose line was read. */
  #seq = 0;
  #forgotten = 0;
  #ended = false;
  #met_wanted = false;
  #verdict: Verdict | null = null;

  /** `wanted`: a head noted outside, which the chain must pass through. */
  constructor(wanted: Head | null = null) {
    this.#wanted = wanted;
  }

  /** One line without its end. After the first fault further lines change nothing. */
  line(bytes: Uint8Array): void {
    if (this.#verdict !== null) return;
    const reason = this.#take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (reason !== null) this.#verdict = { ok: false, seq: this.#seq + 1, reason };
  }

  /** After the last line. */
  verdict(): Verdict {
    if (this.#verdict !== null) return this.#verdict;
    const bad = (reason: string): Verdict => ({ ok: false, seq: this.#seq + 1, reason });
    if (this.#from === null) return bad("this is not an export: its first line is missing");
    if (!this.#ended) return bad("the export is cut off here: its last line is missing");
    if (this.#wanted !== null && !this.#met_wanted)
      return bad(`no commit ends at seq ${this.#wanted.seq}, where a head was noted`);
    const events = this.#head.seq - this.#from - this.#forgotten;
    return { ok: true, from: this.#from + 1, head: this.#head, events, forgotten: this.#forgotten };
  }

  /** Null, or what is wrong with the seq after the last good one. */
  #take(line: Buffer): string | null {
    if (this.#ended) return "there are lines after the end";
    if (this.#commit !== null && this.#seq < this.#commit.last_seq)
      return this.#takeEvent(line, this.#commit);
    const own = this.#parseOwn(line);
    if (this.#from === null) {
      const start = exportStart.safeParse(own);
      if (!start.success) return "this is not an export of this version: its first line is not known";
      this.#from = start.data.previous.seq;
      this.#seq = this.#from;
      return this.#reach(start.data.previous);
    }
    const commit = exportCommit.safeParse(own);
    if (commit.success) return this.#begin(commit.data);
    const end = exportEnd.safeParse(own);
    if (!end.success) return "a commit or the end was expected here";
    if (end.data.seq !== this.#head.seq || end.data.hash !== this.#head.hash)
      return `the export ends at seq ${end.data.seq} by its last line; what lies between is missing`;
    this.#ended = true;
    return null;
  }

  #parseOwn(line: Buffer): unknown {
    if (!line.subarray(0, OWN_LINE.length).equals(OWN_LINE)) return null;
    try {
      return JSON.parse(line.toString());
    } catch {
      return null;
    }
  }

  /** The head is checked at once: salts and leaves that do not lead to it prove nothing about the events. */
  #begin({ first_seq, last_seq, salts, leaves, head }: ExportCommit): string | null {
    if (first_seq !== this.#head.seq + 1) return `the next commit begins at seq ${first_seq}`;
    const count = last_seq - first_seq + 1;
    if (count < 1 || salts.length !== 2 * SALT_BYTES * count || leaves.length !== 2 * LEAF_BYTES * count)
      return "the commit's salts and leaves do not fit its seqs";
    const commit = {
      first_seq,
      last_seq,
      head,
      salts: Buffer.from(salts, "hex"),
      leaves: Buffer.from(leaves, "hex"),
    };
    if (sha256(Buffer.from(this.#head.hash, "hex"), commit.leaves).toString("hex") !== head)
      return "the head of the commit does not follow from the one before it";
    this.#commit = commit;
    return null;
  }

  #takeEvent(
    line: Buffer,
    commit: { first_seq: number; last_seq: number; head: string; salts: Buffer; leaves: Buffer },
  ): string | null {
    const index = this.#seq + 1 - commit.first_seq;
    const forgotten = exportForgotten.safeParse(this.#parseOwn(line));
    if (forgotten.success) {
      if (forgotten.data.seq !== this.#seq + 1) return "another event's place was taken";
      this.#forgotten += 1;
    } else {
      const salt = commit.salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
      const leaf = commit.leaves.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES);
      if (!sha256(salt, line).equals(leaf)) return "the event is not the one that was stored";
    }
    this.#seq += 1;
    return this.#seq === commit.last_seq ? this.#reach({ seq: this.#seq, hash: commit.head }) : null;
  }

  #reach(head: Head): string | null {
    this.#head = head;
    if (this.#wanted?.seq !== head.seq) return null;
    this.#met_wanted = true;
    return this.#wanted.hash === head.hash ? null : "the head here is not the one that was noted";
  }
}
