/**
 * What projects set, kept for a moment: every request of a sender needs it, and one read of D1 each would cost more
 * than the append. A change holds everywhere after KEPT_MS at the latest. While D1 is away the last known settings
 * hold, or the defaults, which keep nothing private (B1).
 */
import { openDatabase, type Database } from "./database.ts";

/** How long a change may take to hold, in ms. */
export const KEPT_MS = 10_000;

/** Projects remembered at once: those that ask within KEPT_MS of one copy of the Worker. */
const MAX_REMEMBERED_PROJECTS = 1_000;

export type Remembered<T> = (d1: D1Database, project_id: string, now_ms: number) => Promise<T>;

/** Make one and keep it. `what` names the settings where they could not be read. */
export function remember<T>(
  what: string,
  fallback: T,
  read: (database: Database, project_id: string) => Promise<T>,
): Remembered<T> {
  const remembered = new Map<string, { value: T; until_ms: number }>();
  return async (d1, project_id, now_ms) => {
    const known = remembered.get(project_id);
    if (known !== undefined && now_ms < known.until_ms) return known.value;
    let value = known === undefined ? fallback : known.value;
    try {
      value = await read(openDatabase(d1), project_id);
    } catch (error) {
      console.error(JSON.stringify({ event: `${what} settings unread`, error: String(error) }));
    }
    if (remembered.size >= MAX_REMEMBERED_PROJECTS) remembered.clear();
    remembered.set(project_id, { value, until_ms: now_ms + KEPT_MS });
    return value;
  };
}
