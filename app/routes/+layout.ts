/**
 * Made once per tab: the client and the session. Nothing here depends on the
 * address, so Kit runs it once; what must run again hangs below.
 */
import { createApi } from "#lib/api/api.ts";
import type { LayoutLoad } from "./$types";
import { askedEarly, EarlyAnswers } from "#lib/session/early.ts";
import { Session } from "#lib/session/session.svelte.ts";

/** Pages are drawn in the browser only: the Worker serves data and static files. */
export const ssr = false;

export async function load({ url, untrack }: Parameters<LayoutLoad>[0]) {
  // The page's own fetch: the one that Kit hands to `load` is only for use inside of it.
  const early = new EarlyAnswers(askedEarly(), (input, init) => globalThis.fetch(input, init));
  const api = createApi(early.fetch);
  const session = new Session(api);
  // Whoever follows a share link needs no account, and nobody asks whether there is one.
  if (!untrack(() => url.pathname.startsWith("/s/"))) await session.refresh();
  early.end();
  return { api, session, early };
}
