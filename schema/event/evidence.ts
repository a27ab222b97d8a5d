/** The events that a lesson rests on, as its event names them. One reading, so that whoever looks up their keys finds those that are shown. */
import type { Json } from "./event.ts";
import { MAX_EVIDENCE } from "./limits.ts";

/** Each once, in the order in which it was named: senders write sequence numbers as texts or as numbers, and what is none does not count. */
export function evidenceSeqs(value: Json | undefined): number[] {
  if (!Array.isArray(value)) return [];
  const seqs = value.map((seq) => (typeof seq === "string" && /^\d{1,15}$/.test(seq) ? Number(seq) : seq));
  return [...new Set(seqs)]
    .filter((seq): seq is number => typeof seq === "number" && Number.isSafeInteger(seq) && seq > 0)
    .slice(0, MAX_EVIDENCE);
}
