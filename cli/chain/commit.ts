/** One commit of the chain, recomputed: salts and leaves lead to its head, each line to its leaf. */
import { createHash } from "node:crypto";
import { exportForgotten, LEAF_BYTES, SALT_BYTES, type ExportCommit } from "../../schema/wire/export.ts";
import type { Head } from "../../schema/wire/http.ts";

/** Where every chain begins. */
export const GENESIS: Head = { seq: 0, hash: "0".repeat(2 * LEAF_BYTES) };

/** What every line of the format other than an event begins with; no stored event does. */
const OWN_LINE = Buffer.from('{"clusterfork":');

interface Shape<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** A line of the format's own, or null. Only its one spelling counts, so that no byte of it can be changed unseen. */
export function parseOwn<T>(shape: Shape<T>, line: Buffer): T | null {
  if (!line.subarray(0, OWN_LINE.length).equals(OWN_LINE)) return null;
  const text = line.toString();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = shape.safeParse(value);
  return parsed.success && JSON.stringify(parsed.data) === text ? parsed.data : null;
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export class Commit {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly head: string;
  readonly #salts: Buffer;
  readonly #leaves: Buffer;

  constructor({ first_seq, last_seq, salts, leaves, head }: ExportCommit) {
    this.first_seq = first_seq;
    this.last_seq = last_seq;
    this.head = head;
    this.#salts = Buffer.from(salts, "hex");
    this.#leaves = Buffer.from(leaves, "hex");
  }

  /**
   * Null, or why it does not follow from `previous`. Its head is checked before
   * any event: salts and leaves that do not lead to it prove nothing about them.
   */
  follows(previous: Head): string | null {
    if (this.first_seq !== previous.seq + 1) return `the next commit begins at seq ${this.first_seq}`;
    const count = this.last_seq - this.first_seq + 1;
    if (count < 1 || this.#salts.length !== SALT_BYTES * count || this.#leaves.length !== LEAF_BYTES * count)
      return "the commit's salts and leaves do not fit its seqs";
    if (sha256(Buffer.from(previous.hash, "hex"), this.#leaves).toString("hex") !== this.head)
      return "the head of the commit does not follow from the one before it";
    return null;
  }

  /** The same commit, but for salts that were destroyed in one of them. */
  isSame(other: Commit): boolean {
    const { first_seq, last_seq, head } = other;
    return (
      first_seq === this.first_seq &&
      last_seq === this.last_seq &&
      head === this.head &&
      this.#leaves.equals(other.#leaves)
    );
  }

  /** What the line is at `seq`; null when it is not what was stored there. */
  lineAt(seq: number, line: Buffer): "event" | "forgotten" | null {
    const index = seq - this.first_seq;
    const salt = this.#salts.subarray(index * SALT_BYTES, (index + 1) * SALT_BYTES);
    const forgotten = parseOwn(exportForgotten, line);
    // Forgetting destroys the salt too: a line that is merely taken out leaves it behind.
    if (forgotten !== null)
      return forgotten.seq === seq && salt.every((byte) => byte === 0) ? "forgotten" : null;
    const leaf = this.#leaves.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES);
    return sha256(salt, line).equals(leaf) ? "event" : null;
  }
}
