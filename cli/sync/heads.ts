/**
 * The signed heads that one writer noted, a line for each sync:
 *
 *   {"clusterfork":"head","previous":"<SHA-256 of the line before, or null>","signed":{…}}
 *
 * The lines are a chain too: one that is taken out or moved shows. A merge of
 * copies of one clone may branch it, which does no harm.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { signedHead, type SignedHead } from "../../schema/wire/signed-head.ts";
import { parseOwn } from "../chain/commit.ts";
import { checkSignature } from "../chain/signature.ts";

const headLine = z.object({
  clusterfork: z.literal("head"),
  previous: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  signed: signedHead,
});

export interface Heads {
  /** In the file's order. */
  signed: SignedHead[];
  /** SHA-256 of the last whole line; null before the first. */
  last: string | null;
  /** Bytes of the whole lines; what lies behind is a line that was cut off while it was written. */
  whole_bytes: number;
  bytes: number;
  /** Why a line does not count. Those before it do. */
  reason: string | null;
}

const sha256 = (line: Uint8Array): string => createHash("sha256").update(line).digest("hex");

export function readHeads(path: string | null, project: string, keys: readonly string[]): Heads {
  const bytes = path === null ? Buffer.alloc(0) : readFileSync(path);
  const heads: Heads = { signed: [], last: null, whole_bytes: 0, bytes: bytes.length, reason: null };
  const known = new Set<string | null>([null]);
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, heads.whole_bytes)) {
    const line = bytes.subarray(heads.whole_bytes, end);
    const parsed = parseOwn(headLine, line);
    if (parsed === null) heads.reason = "a line is no signed head";
    else if (parsed.signed.project !== project) heads.reason = "a signed head is another project's";
    else if (!known.has(parsed.previous) || (parsed.previous === null && heads.last !== null))
      heads.reason = "the signed head before it is missing";
    else heads.reason = checkSignature(parsed.signed, keys);
    if (heads.reason !== null || parsed === null) return heads;
    heads.last = sha256(line);
    known.add(heads.last);
    heads.signed.push(parsed.signed);
    heads.whole_bytes = end + 1;
  }
  return heads;
}

/** The line after `previous`, with its end. */
export function writeHead(previous: string | null, signed: SignedHead): string {
  const line: z.infer<typeof headLine> = { clusterfork: "head", previous, signed };
  return `${JSON.stringify(line)}\n`;
}

/** The newest of them. */
export function newestHead(heads: readonly SignedHead[]): SignedHead | null {
  return heads.reduce<SignedHead | null>(
    (best, head) => (best === null || head.seq > best.seq ? head : best),
    null,
  );
}
