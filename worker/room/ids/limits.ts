/** Limits of the memory of ids: name, unit, reason. */

/** Ids that wait, a row per commit, before they become a run: 128 KiB, sorted and written in some 3 ms of a commit. */
export const FRESH_IDS = 4_096;
/** Entries of one part of a run: 32 KiB, read in some 10 µs when its filter cannot tell. */
export const PART_ENTRIES = 1_024;
/**
 * Runs of one tier that are merged into one of the next: a million ids are then in some ten runs, and each of them
 * was written three times, a thousandth of a row each time.
 */
export const FAN = 8;
/** Parts that one slice of a merge writes: 1 MiB, some 5 ms, the longest that appends wait for it. */
export const MERGE_SLICE_PARTS = 32;
/** Parts that one slice removes, for the same reason. */
export const REMOVE_SLICE_PARTS = 64;
/** Pause between two slices: whoever waits for the room comes first. */
export const MERGE_PAUSE_MS = 5;
/** How long a run of slices may take before it counts as stuck: a merge of ten million ids takes a tenth of it. */
export const MERGE_TIMEOUT_MS = 120_000;
/** The longest pause after repeated failures: until then more runs are looked into, nothing else. */
export const MAX_MERGE_PAUSE_MS = 300_000;
/**
 * What memory holds of all filters together, bytes: a quarter of the room's 128 MB, at 50 million ids as at any
 * number. That is the whole of them up to 10 million ids; at 50 million nearly each id is looked for on disk
 * once, some 40 µs. Where each part begins takes 4 bytes per PART_ENTRIES ids more (0.2 MB at 50 million).
 */
export const MAX_FILTER_BYTES = 32 * 1024 * 1024;
/**
 * The part of it, as a divisor, that the one filter over all runs since waking up takes: 2 MiB are 16 bits for each
 * of a million ids, and about what a core's second cache holds.
 */
export const FRONT_SHARE = 16;
