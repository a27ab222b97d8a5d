/** Every limit of the archive: name, unit, reason. */
import {
  MAX_DEPENDENCIES,
  MAX_FILES,
  MAX_TOTAL_DEPENDENCIES,
  MAX_TOTAL_FILES,
} from "../../schema/state/limits.ts";

/**
 * Events folded at once. Each may touch a task and a feature and name another of either as the cause of a
 * bug, with the features of both tasks, and four agents besides, and their lists may be full: so few that neither the hot
 * state's limits of entries nor those of all lists together are ever reached,
 * and the fold of the archive neither forgets nor cuts anything.
 */
export const FOLD_CHUNK_EVENTS = Math.floor(
  Math.min(MAX_TOTAL_FILES / (2 * MAX_FILES), MAX_TOTAL_DEPENDENCIES / (6 * MAX_DEPENDENCIES)),
);
/** Events parsed at once: some 2 ms, in which nobody else of this thread is served. */
export const PARSE_CHUNK_EVENTS = 500;
/** Ids of one look-up: 1,000 of the longest (256 characters) are a parameter of a quarter MB. */
export const LOOKUP_IDS = 1_000;
/** UTF-16 units of rows in one statement: at most 1.5 MB of UTF-8 below D1's 2 MB per parameter. */
export const MAX_STATEMENT_LENGTH = 500_000;
/**
 * UTF-16 units of the rows that one step reads and writes back: as text, as
 * objects and as text again they are some 40 MB of the isolate's 128 at worst,
 * and one message to D1 stays below the 32 MiB of an RPC. Honest rows are about
 * 1,000, so that a step of 4,000 events is never cut.
 */
export const MAX_STEP_LENGTH = 4_000_000;
/** Cells of one hour's tally: a hundred agents with two features each; some 40 KB. */
export const MAX_HOUR_CELLS = 200;
/**
 * Cells of one day's tally: so many agents as the hot state holds, or the open and the closed features that it does,
 * each with two kinds of tasks; some 200 KB, written anew by each step about the day.
 */
export const MAX_DAY_CELLS = 2_000;
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
