/**
 * Every limit of an event, with its unit and its reason. A limit is part of the
 * contract: raising one is harmless, lowering one refuses what was stored before.
 */

/** Events in one request: keeps one commit of the room within a few ms and one packed row. */
export const MAX_EVENTS_PER_REQUEST = 1_000;

/** Body of one request after inflating, in bytes: what a room holds in memory per waiting request. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** One event as compact JSON, in bytes of UTF-8: far below a Durable Object's 2 MB row, and no honest event needs more once artifacts are hashes. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** Nesting of one event, in levels; the event itself is level 1. SQLite's JSON gives up at 1,000, every recursive reader sooner. */
export const MAX_DEPTH = 32;

/** `id`, in UTF-16 units: room for two UUIDs, a path or a provider's request id with a prefix. */
export const MAX_ID_CHARS = 128;

/** `agent_id`, `task_id`, `feature_id`, `session_id`, in UTF-16 units: they are keys of the hot state, which is bounded by count alone. */
export const MAX_REF_CHARS = 256;

/** `agent_role`, in UTF-16 units: a label of charts and a grouping key. */
export const MAX_ROLE_CHARS = 64;

/** `event_type`, in characters: a grouping key of every rollup. */
export const MAX_TYPE_CHARS = 64;

/** Keys of one object in metadata: beyond it, names are data (a map by file, say) and belong into a list. */
export const MAX_OBJECT_KEYS = 256;

/** Keys of `metrics`: each is a possible column of a chart. */
export const MAX_METRICS = 64;

/** One key of metadata or metrics, in UTF-16 units. */
export const MAX_KEY_CHARS = 128;

/** Magnitude of a metric: integers up to here are exact in a double, and sums of several still are. */
export const MAX_METRIC = 1e15;

/** Tokens of one model call: a thousand times today's largest context window; more is a unit error. */
export const MAX_TOKENS_PER_CALL = 1e9;

/** Price of one model call in US dollars; more is a unit error (micro-dollars, say). */
export const MAX_USD_PER_CALL = 1e6;

/** A string of metadata longer than this, in bytes of UTF-8, is an artifact: kept as hash, bytes and lines. A long description fits, a file does not. */
export const MAX_TEXT_BYTES = 8 * 1024;

/** A title, reason of state, name or path in a known field, in UTF-16 units: they stand in the hot state and on screens. */
export const MAX_LABEL_CHARS = 1_024;

/** Entries of a list in a known field (dependencies, files): the hot state holds them. */
export const MAX_LIST_ITEMS = 1_000;

/** Events that one lesson rests on: enough to look at, and the key of each is looked up, which reads a row of the log. */
export const MAX_EVIDENCE = 100;

/** Earliest `timestamp`, ms: before it an integer is seconds, not milliseconds, and a date is a default. */
export const MIN_TIMESTAMP_MS = Date.UTC(2000, 0, 1);

/** Latest `timestamp`, ms (exclusive): clocks may be years off, but not so far that charts and Date lose their footing. */
export const MAX_TIMESTAMP_MS = Date.UTC(2100, 0, 1);

/** Characters of a sender's value that a message may quote: enough to recognise it, too few to flood a log. */
export const MAX_QUOTED_CHARS = 40;
