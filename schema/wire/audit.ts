/** What the nightly walk over a log's hash chain found: as types, and as zod for documents and tests. */
import * as z from "zod";

/** The last verdict. */
export interface AuditReport {
  /** When, ms. */
  at: number;
  ok: boolean;
  /** The last seq that was checked; of a broken chain, the first that is wrong. */
  seq: number;
  /** The chain's hash at `seq`; null when the chain is broken. */
  hash: string | null;
  /** What is wrong; null when nothing is. */
  reason: string | null;
  /** Events whose bytes were destroyed on purpose; the chain holds without them. */
  forgotten: number;
  /** How many of them no event of the log names (schema/event/witness.ts): it never grows. */
  unwitnessed: number;
  /** How many heads in the archive the chain was compared with. */
  anchors: number;
}

/** `GET /v1/audit`. */
export interface AuditResponse {
  /** Null until the first night after the first event. */
  last: AuditReport | null;
  /** ms; null while none runs. */
  running_since: number | null;
}

export const auditResponse = z.object({
  last: z
    .object({
      at: z.number().describe("When, ms since 1970."),
      ok: z.boolean(),
      seq: z
        .int()
        .min(0)
        .describe("The last seq that was checked; of a broken chain, the first that is wrong."),
      hash: z.string().nullable().describe("The chain's hash at `seq`; null when the chain is broken."),
      reason: z.string().nullable().describe("What is wrong; null when nothing is."),
      forgotten: z
        .int()
        .min(0)
        .describe("Events that were destroyed on purpose; the chain holds without them."),
      unwitnessed: z
        .int()
        .min(0)
        .describe(
          "How many of them no event of the log names: forgotten before forgetting left a witness. It never grows.",
        ),
      anchors: z.int().min(0).describe("How many heads in the archive the chain was compared with."),
    })
    .nullable()
    .describe("Null until the first night after the first event."),
  running_since: z.number().nullable().describe("ms since 1970; null while none runs."),
}) satisfies z.ZodType<AuditResponse>;
