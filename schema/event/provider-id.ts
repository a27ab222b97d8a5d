/**
 * Ids that a provider gives to a request or its response. A model call is stored under it, so that two who tell of one
 * call are counted once (M1).
 */

/** Shorter ones are a local server's counters or dice (`chatcmpl-123`), which come again for other calls. */
const MIN_PROVIDER_ID_CHARS = 16;

/** The id, where no other call has it. All who name a call ask here, or what one counts another would count again. */
export function providerId(given: string | null | undefined): string | null {
  return given !== null && given !== undefined && given.length >= MIN_PROVIDER_ID_CHARS ? given : null;
}
