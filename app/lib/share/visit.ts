/**
 * One visit by a share link, kept for the tab: a reload is no new visit, and a
 * passphrase that was given is not asked again while its pass is good.
 */
import type { ShareOpenedResponse } from "../../../schema/wire/share.ts";

const keyOf = (token: string) => `clusterfork:visit:${token}`;

export function rememberVisit(token: string, opened: ShareOpenedResponse): void {
  try {
    sessionStorage.setItem(keyOf(token), JSON.stringify(opened));
  } catch {
    // Storage switched off or full: a reload asks again.
  }
}

export function forgetVisit(token: string): void {
  try {
    sessionStorage.removeItem(keyOf(token));
  } catch {
    // As above.
  }
}

/** Null when there was none, or its pass is over. */
export function lastVisit(token: string, now_ms: number): ShareOpenedResponse | null {
  try {
    const stored = sessionStorage.getItem(keyOf(token));
    if (stored === null) return null;
    const opened = JSON.parse(stored) as ShareOpenedResponse;
    return opened.bearer_until !== null && Date.parse(opened.bearer_until) <= now_ms ? null : opened;
  } catch {
    // Storage switched off, or written by something else: open anew.
    return null;
  }
}
