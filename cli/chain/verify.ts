/**
 * The hash chain of an export, recomputed line by line (L5; the format and the
 * formulas: schema/wire/export.ts). It runs without a server, and says which
 * seq is the first that is not as it was stored.
 */
import { exportCommit, exportEnd, exportStart, type ExportEnd } from "../../schema/wire/export.ts";
import { Gaps, NO_WITNESS } from "../../schema/event/witness.ts";
import type { Head } from "../../schema/wire/http.ts";
import type { SignedHead } from "../../schema/wire/signed-head.ts";
import { Commit, parseOwn } from "./commit.ts";
import { readableOf } from "./readable.ts";
import { checkSignature } from "./signature.ts";

export type Verdict =
  | {
      ok: true;
      from: number;
      head: Head;
      events: number;
      forgotten: number;
      /** How many of them no event of the log names: from before forgetting left a witness. */
      unwitnessed: number;
      /** The head under the server's signature, which was checked; null where the export has none. */
      signed: SignedHead | null;
    }
  | Fault;

export interface Fault {
  ok: false;
  /** The first seq that is not as it was stored. */
  seq: number;
  reason: string;
}

/** What the reader knows of the chain from elsewhere. */
export interface Known {
  /** A head noted outside, which the chain must pass through. */
  head?: Head | null;
  /** The keys that the head at the end must be signed with; absent: any, or none. */
  keys?: readonly string[] | null;
}

export class ChainVerifier {
  readonly #known: Known;
  #from: number | null = null;
  /** Of the last whole commit. */
  #head: Head = { seq: 0, hash: "" };
  #commit: Commit | null = null;
  /** The last seq whose line was read. */
  #seq = 0;
  #forgotten = 0;
  readonly #gaps = new Gaps();
  #end: ExportEnd | null = null;
  #met_known = false;
  #fault: Fault | null = null;

  constructor(known: Known = {}) {
    this.#known = known;
  }

  /** Where the chain stands: after its last whole commit. */
  get head(): Head {
    return this.#head;
  }

  /** The first fault so far. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** One line without its end. After the first fault further lines change nothing. */
  line(bytes: Uint8Array): void {
    if (this.#fault !== null) return;
    const reason = this.#take(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (reason !== null) this.#fault = { ok: false, seq: this.#seq + 1, reason };
  }

  /** After the last line. */
  verdict(): Verdict {
    if (this.#fault !== null) return this.#fault;
    const bad = (reason: string): Verdict => ({ ok: false, seq: this.#seq + 1, reason });
    if (this.#from === null) return bad("this is not an export: its first line is missing");
    if (this.#end === null) return bad("the export is cut off here: its last line is missing");
    const wanted = this.#known.head ?? null;
    if (wanted !== null && !this.#met_known)
      return bad(`no commit ends at seq ${wanted.seq}, where a head was noted`);
    const { bad: blanked, unwitnessed } = this.#gaps.close(this.#from === 0);
    if (blanked !== null) return { ok: false, seq: blanked, reason: NO_WITNESS };
    const events = this.#head.seq - this.#from - this.#forgotten;
    return {
      ok: true,
      from: this.#from + 1,
      head: this.#head,
      events,
      forgotten: this.#forgotten,
      unwitnessed,
      signed: this.#end.signed ?? null,
    };
  }

  /** Null, or what is wrong with the seq after the last good one. */
  #take(line: Buffer): string | null {
    if (this.#end !== null) return "there are lines after the end";
    if (this.#commit !== null && this.#seq < this.#commit.last_seq)
      return this.#takeEvent(line, this.#commit);
    if (this.#from === null) {
      const start = parseOwn(exportStart, line);
      if (start === null) return "this is not an export of this version: its first line is not known";
      this.#from = start.previous.seq;
      this.#seq = this.#from;
      return this.#reach(start.previous);
    }
    const begun = parseOwn(exportCommit, line);
    if (begun !== null) {
      // A first line that claims a later beginning than the commits have is what is wrong, from the first of them on.
      if (this.#commit === null) this.#seq = Math.min(this.#seq, Math.max(0, begun.first_seq - 1));
      this.#commit = new Commit(begun);
      return this.#commit.follows(this.#head);
    }
    const end = parseOwn(exportEnd, line);
    return end === null ? "a commit or the end was expected here" : this.#takeEnd(end);
  }

  #takeEvent(line: Buffer, commit: Commit): string | null {
    const seq = this.#seq + 1;
    const kind = commit.lineAt(seq, line);
    if (kind === null) return "the event is not the one that was stored";
    if (kind === "forgotten") {
      this.#forgotten += 1;
      this.#gaps.blank(seq);
    } else this.#gaps.event(seq, readableOf(line));
    this.#seq = seq;
    return seq === commit.last_seq ? this.#reach({ seq, hash: commit.head }) : null;
  }

  #takeEnd(end: ExportEnd): string | null {
    if (end.seq !== this.#head.seq || end.hash !== this.#head.hash)
      return `the export ends at seq ${end.seq} by its last line; what lies between is missing`;
    this.#end = end;
    const keys = this.#known.keys ?? null;
    const { signed } = end;
    if (signed === undefined) return keys === null ? null : "the head at the end is not signed";
    if (signed.seq !== end.seq || signed.hash !== end.hash)
      return "the head that is signed is not the one at the end";
    return checkSignature(signed, keys);
  }

  #reach(head: Head): string | null {
    this.#head = head;
    const wanted = this.#known.head ?? null;
    if (wanted?.seq !== head.seq) return null;
    this.#met_known = true;
    return wanted.hash === head.hash ? null : "the head here is not the one that was noted";
  }
}
