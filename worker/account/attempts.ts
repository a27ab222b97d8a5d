/** Limits on guessing and making: attempts per address or person, counted in D1 so that all isolates share them. */
import { sql } from "drizzle-orm";
import { attempt } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";

const ATTEMPT_WINDOW_MS = 60_000;
/** scrypt takes ~150 ms of CPU each; generous for an office behind one address, useless for guessing. */
export const MAX_SIGN_INS_PER_WINDOW = 60;
export const MAX_SIGN_UPS_PER_WINDOW = 60;
/** Looks at, and uses of, invitations: a secret of 190 bits is beyond guessing, the reading of D1 is not free. */
export const MAX_JOINS_PER_WINDOW = 120;
/** Links and teams that one person makes: by hand nobody comes near. */
export const MAX_INVITATIONS_PER_WINDOW = 60;
export const MAX_TEAMS_PER_WINDOW = 10;
/** Messages to a receiver on request: whoever signs up may name any address, and this is no cannon to point at it. */
export const MAX_TRIALS_PER_WINDOW = 20;
/** Passphrases of a share link, by one address: enough for a slip of the finger. */
export const MAX_GUESSES_PER_WINDOW = 10;
/** The same from everywhere: 8 characters [a-z] then stand for 6,000 years. Who knows the link can make the others wait a minute. */
export const MAX_GUESSES_PER_LINK_PER_WINDOW = 60;
/** Rows older than this are swept when a window opens anew. */
const STALE_MS = 10 * ATTEMPT_WINDOW_MS;

/**
 * Counts one attempt. One statement, so that attempts at the same time cannot
 * share a count. Returns null if it may go on, else the seconds to wait.
 */
export async function countAttempt(
  database: Database,
  key: string,
  max_per_window: number,
  now_ms: number,
): Promise<number | null> {
  const window_start = now_ms - (now_ms % ATTEMPT_WINDOW_MS);
  const [row] = await database
    .insert(attempt)
    .values({ key, window_start, count: 1 })
    .onConflictDoUpdate({
      target: attempt.key,
      set: {
        count: sql`case when ${attempt.window_start} = ${window_start} then ${attempt.count} + 1 else 1 end`,
        window_start,
      },
    })
    .returning({ count: attempt.count });
  const count = row?.count ?? 1;
  if (count === 1) {
    await database.delete(attempt).where(sql`${attempt.window_start} < ${now_ms - STALE_MS}`);
  }
  if (count <= max_per_window) return null;
  return Math.max(1, Math.ceil((window_start + ATTEMPT_WINDOW_MS - now_ms) / 1000));
}
