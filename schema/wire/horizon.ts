/** How far ahead a forecast is told as a time. */

/** Beyond two years nobody plans, and the futures of a forecast lie decades apart: no year of theirs is knowledge. */
const SAYABLE_MS = 730 * 86_400_000;

/** What is said in place of a time beyond it. */
export const TOO_FAR = "too far to say";

export const isTooFar = (at_ms: number, now_ms: number): boolean => at_ms - now_ms > SAYABLE_MS;
