/** How long to wait before the next attempt, so that a restarted server is not met by everybody at once. */

/** Long enough not to spin, short enough that a blip goes unnoticed. */
export const RETRY_MIN_MS = 500;
/** A lead who looks at a wall screen should not wait longer than this after the server is back. */
export const RETRY_MAX_MS = 15_000;

/** `attempt` from 0; `random` in [0, 1). Between half and the whole of the exponential step. */
export function retryDelay(attempt: number, random: number): number {
  const step_ms = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 10));
  return Math.max(RETRY_MIN_MS, Math.round(step_ms * (0.5 + random / 2)));
}
