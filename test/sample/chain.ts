/** A log with its chain and its key, as a server would hand it out: for tests of what reads one. */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { ExportCommit } from "../../schema/wire/export.ts";
import type { Head } from "../../schema/wire/http.ts";
import { statementOf, type SignedHead } from "../../schema/wire/signed-head.ts";

interface SampleCommit {
  first_seq: number;
  salts: Buffer;
  leaves: Buffer;
  head: string;
  /** Empty: forgotten. */
  lines: string[];
}

const sha256 = (...parts: Uint8Array[]): Buffer => createHash("sha256").update(Buffer.concat(parts)).digest();
const GENESIS: Head = { seq: 0, hash: "0".repeat(64) };
/** The ASN.1 in front of an Ed25519 seed (RFC 8410). */
const PKCS8_PREFIX = "302e020100300506032b657004220420";
const FIRST_DAY_MS = Date.parse("2026-11-20T20:00:00.000Z");

export class SampleLog {
  readonly project = "p0123456789abcde";
  readonly commits: SampleCommit[] = [];
  /** ms between two commits: some logs span days. */
  step_ms = 60_000;
  #seed: string;
  #time_ms = FIRST_DAY_MS;
  /** Exports break off after so many bytes; null: never. */
  cut_after_bytes: number | null = null;

  constructor(seed = "11") {
    this.#seed = seed;
  }

  /** Another key from now on. */
  rotate(seed: string): void {
    this.#seed = seed;
  }

  /** Its first `count` commits, as another log that goes its own way from there. */
  fork(count = this.commits.length): SampleLog {
    const other = new SampleLog(this.#seed);
    for (const { salts, lines, ...commit } of this.commits.slice(0, count))
      other.commits.push({ ...commit, salts: Buffer.from(salts), lines: [...lines] });
    return other;
  }

  get head(): Head {
    const last = this.commits.at(-1);
    return last === undefined ? GENESIS : { seq: last.first_seq + last.lines.length - 1, hash: last.head };
  }

  /** One commit of `count` events; of `v` when it is given, in the shape of a server of before. */
  append(count: number, v?: number): void {
    this.#commit(
      Array.from({ length: count }, (_, i) => ({
        id: `event-${this.head.seq + 1 + i}`,
        event_type: "task_progress",
        agent_id: "coder-a",
        metadata: { note: `ünïcode ✓ "${this.head.seq + 1 + i}"\n` },
        ...(v === undefined ? {} : { v }),
      })),
    );
  }

  /** As a server forgets: in one step with its witness. */
  forgetWitnessed(...seqs: number[]): void {
    for (const seq of seqs) this.forget(seq);
    this.#commit([
      {
        id: `witness-${this.head.seq}`,
        event_type: "events_forgotten",
        agent_id: "clusterfork:privacy",
        metadata: { seqs: seqs.join(","), by: "k", reason: "asked" },
        source: "clusterfork",
        key_id: "clusterfork",
        v: 2,
      },
    ]);
  }

  #commit(events: object[]): void {
    const previous = this.head;
    this.#time_ms += this.step_ms;
    const received_at = new Date(this.#time_ms).toISOString();
    const lines = events.map((event, i) =>
      JSON.stringify({ seq: previous.seq + 1 + i, received_at, ...event }),
    );
    // Not of chance: a seed must give the same log again.
    const salts = lines.map((line) => sha256(Buffer.from(`${this.#seed} ${line}`)).subarray(0, 16));
    const leaves = Buffer.concat(
      lines.map((line, i) => sha256(salts[i] ?? Buffer.alloc(0), Buffer.from(line))),
    );
    const head = sha256(Buffer.from(previous.hash, "hex"), leaves).toString("hex");
    this.commits.push({ first_seq: previous.seq + 1, salts: Buffer.concat(salts), leaves, head, lines });
  }

  forget(seq: number): void {
    for (const commit of this.commits) {
      const at = seq - commit.first_seq;
      if (at < 0 || at >= commit.lines.length) continue;
      commit.lines[at] = "";
      commit.salts.fill(0, at * 16, (at + 1) * 16);
    }
  }

  /** Drops all but the first `count` commits, as a backup would that is put back. */
  rewind(count: number): void {
    this.commits.length = count;
  }

  signed(head = this.head): SignedHead {
    const seed = `${PKCS8_PREFIX}${this.#seed.repeat(32)}`;
    const key = createPrivateKey({ key: Buffer.from(seed, "hex"), format: "der", type: "pkcs8" });
    const { x = "" } = createPublicKey(key).export({ format: "jwk" });
    const statement = { project: this.project, ...head, signed_at: this.#time_ms };
    return {
      ...statement,
      public_key: Buffer.from(x, "base64url").toString("hex"),
      signature: sign(null, Buffer.from(statementOf(statement)), key).toString("hex"),
    };
  }

  /** The lines of the export after `since`. */
  lines(since = 0): string[] {
    const from = this.commits.filter(({ first_seq, lines }) => first_seq + lines.length - 1 > since);
    const before = this.commits.at(this.commits.length - from.length - 1);
    const previous =
      from.length === this.commits.length || before === undefined
        ? GENESIS
        : { seq: before.first_seq + before.lines.length - 1, hash: before.head };
    return [
      JSON.stringify({ clusterfork: "export", v: 1, previous }),
      ...from.flatMap((commit) => linesOf(commit)),
      JSON.stringify({ clusterfork: "end", ...this.head, signed: this.signed() }),
    ];
  }

  /** As `sync` sees a server. */
  source() {
    return {
      head: () => Promise.resolve(this.signed()),
      export: (since: number) => Promise.resolve(this.#chunks(since)),
    };
  }

  async *#chunks(since: number): AsyncGenerator<Uint8Array> {
    const bytes = Buffer.from(`${this.lines(since).join("\n")}\n`);
    const end = Math.min(bytes.length, this.cut_after_bytes ?? bytes.length);
    for (let at = 0; at < end; at += 777)
      yield await Promise.resolve(bytes.subarray(at, Math.min(end, at + 777)));
    if (end < bytes.length) throw new Error("connection reset");
  }
}

function linesOf({ first_seq, salts, leaves, head, lines }: SampleCommit): string[] {
  const commit: ExportCommit = {
    clusterfork: "commit",
    first_seq,
    last_seq: first_seq + lines.length - 1,
    salts: salts.toString("hex"),
    leaves: leaves.toString("hex"),
    head,
  };
  return [
    JSON.stringify(commit),
    ...lines.map((line, i) =>
      line === "" ? JSON.stringify({ clusterfork: "forgotten", seq: first_seq + i }) : line,
    ),
  ];
}
