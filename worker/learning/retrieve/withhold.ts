/**
 * Who gets a lesson and who is the control. Decided per lesson and task by a keyed hash, so that it is a coin nobody
 * can see or turn, and the same coin whenever the same task asks again.
 */
import { createHmac } from "node:crypto";

/** Names the rule by which arms are drawn: another rule is another experiment. */
export const EXPERIMENT = "delivery-1";

const RANGE = 2 ** 32;

export function isWithheld(salt: string, lesson: string, unit: string, share: number): boolean {
  const digest = createHmac("sha256", salt)
    .update(JSON.stringify([EXPERIMENT, lesson, unit]))
    .digest("hex");
  return parseInt(digest.slice(0, 8), 16) / RANGE < share;
}
