/**
 * The export: the whole log with its hash chain, as NDJSON (`GET /v1/export`).
 *
 *   {"clusterfork":"export","v":1,"previous":{"seq":0,"hash":"00…"}}
 *   {"clusterfork":"commit","first_seq":1,"last_seq":2,"salts":"…","leaves":"…","head":"…"}
 *   {"seq":1,"received_at":…}                     the stored event, byte for byte
 *   {"clusterfork":"forgotten","seq":2}           its bytes were destroyed on purpose
 *   …
 *   {"clusterfork":"end","seq":2,"hash":"…","signed":{…}}
 *
 * Each commit is followed by one line for each of its seqs. With the bytes of
 * a line (UTF-8, without the line end):
 *
 *   leaf = SHA-256(salt ‖ line)                   a forgotten event has its leaf alone
 *   head = SHA-256(previous head ‖ leaves)
 *
 * Without an `end` line the export was cut off. A log that somebody rewrote as
 * a whole is consistent in itself: compare its head with one noted earlier, or
 * the key that signed it with the one that you know (signed-head.ts).
 */
import * as z from "zod";
import { signedHead } from "./signed-head.ts";

/** Raised when a line changes meaning. */
export const EXPORT_VERSION = 1;

/** Bytes of a salt and of a leaf; in hex each takes twice as many characters. */
export const SALT_BYTES = 16;
export const LEAF_BYTES = 32;

const seq = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);

export const exportStart = z.object({
  clusterfork: z.literal("export"),
  v: z.literal(EXPORT_VERSION),
  /** Where the export begins; seq 0 and zeros for the whole log. */
  previous: z.object({ seq, hash: sha256 }),
});
export const exportCommit = z.object({
  clusterfork: z.literal("commit"),
  first_seq: seq,
  last_seq: seq,
  /** Joined, one per event. */
  salts: hex,
  leaves: hex,
  head: sha256,
});
export const exportForgotten = z.object({ clusterfork: z.literal("forgotten"), seq });
export const exportEnd = z.object({
  clusterfork: z.literal("end"),
  seq,
  hash: sha256,
  /** The same head, signed; exports of older servers have none. */
  signed: signedHead.optional(),
});

export type ExportStart = z.infer<typeof exportStart>;
export type ExportCommit = z.infer<typeof exportCommit>;
export type ExportForgotten = z.infer<typeof exportForgotten>;
export type ExportEnd = z.infer<typeof exportEnd>;
