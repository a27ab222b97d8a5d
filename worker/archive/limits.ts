/** Every limit of the archive: name, unit, reason. */

/**
 * Events folded at once. Each may touch one task, its two features, and four
 * agents besides: far below what the hot state's limits forget, so that the
 * fold of the archive forgets nothing.
 */
export const FOLD_CHUNK_EVENTS = 100;
/** Ids of one look-up: 1,000 of the longest (256 characters) are a parameter of a quarter MB. */
export const LOOKUP_IDS = 1_000;
/** UTF-16 units of rows in one statement: at most 1.5 MB of UTF-8 below D1's 2 MB per parameter. */
export const MAX_STATEMENT_LENGTH = 500_000;
/** Rows of one answer about history: some MB of JSON, as a page of the log. */
export const MAX_HISTORY_ROWS = 1_000;
/** Heads that one audit compares the chain with: they are an argument of some 80 KB of each call to the room. */
export const MAX_ANCHORS = 1_000;
/** Tries of a step of the audit beyond the first: with the pauses below, D1 or the room may be away for 15 minutes. */
export const AUDIT_RETRIES = 5;
/** The pause before the first of them, ms; it doubles. */
export const AUDIT_RETRY_MS = 30_000;
/** One step, ms: a part of the walk takes seconds. */
export const AUDIT_STEP_TIMEOUT_MS = 120_000;
