/** What one question may cost: name, unit, reason. Each bound that is met is named in the answer. */

/** Events looked at: a minute of a very busy project's day, and some 2 s of this thread at most. */
export const MAX_SCANNED_EVENTS = 2_000_000;
/** Bytes of columns that are fetched: what 2 M events have in eight columns of two bytes. */
export const MAX_FETCHED_BYTES = 128 * 1024 * 1024;
/** Events parsed from the log itself, where a field is not kept by columns: 3 µs each. */
export const MAX_LOG_EVENTS = 100_000;
/** The same for a share link: each passes its lens in the room, which has time for 10,000 a second. Two segments of columns. */
export const MAX_SHARED_LOG_EVENTS = 2 * 8_192;
/** Events of one page of the log: parsing them is one slice of work. */
export const LOG_PAGE_EVENTS = 250;
/** UTF-16 units of such events, for when they are large. */
export const MAX_LOG_CHARS = 64 * 1024 * 1024;
/** UTF-16 units parsed between two pauses. */
export const SLICE_CHARS = 128 * 1024;
/** Groups told apart, steps of series among them; each holds some 100 bytes per calculation. */
export const MAX_GROUPS = 100_000;
/** Numbers held for percentiles and heatmaps, 20 bytes each: percentiles are exact because all are held. */
export const MAX_HELD_VALUES = 2_000_000;
/** Cells (events × columns) between two pauses: about a millisecond, so that an append waits no longer. */
export const SLICE_CELLS = 48 * 1024;
/** Numbers sorted at once, for the same reason. */
export const SORT_CHUNK = 8_192;
/** Distinct values of one field that a comparison counts; a field with more is near to an id. */
export const MAX_COMPARED_VALUES = 2_000;
/** Fields of one comparison: all are read, so this bounds the bytes. */
export const MAX_COMPARED_FIELDS = 64;
