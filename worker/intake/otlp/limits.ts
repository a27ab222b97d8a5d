/** Limits of one OTLP request, each with its unit and its reason. */

/** The body as sent and after inflating, in bytes: 512 spans, an SDK's batch, of 16 KiB each. OTLP allows less than its recommended 64 MiB. */
export const MAX_OTLP_BYTES = 8 * 1024 * 1024;

/** Spans, log records or data points of one request: eight batches of an SDK's default size at its largest. */
export const MAX_RECORDS = 16_384;

/**
 * Objects and lists in one request, in either encoding: attributes with names of a usual length fill the largest body
 * with fewer. Empty ones cost a sender two bytes each, and a Worker fifty to a hundred: eight MiB of them are more than it has.
 */
export const MAX_PARTS = 700_000;

/** Nesting of an attribute's value, in levels: prompts of agents nest by five; what lies deeper is left out. */
export const MAX_VALUE_DEPTH = 16;

/** Bytes of all events in one append to the room: what it takes of any sender (schema/event/limits.ts). */
export { MAX_BODY_BYTES as MAX_APPEND_BYTES } from "../../../schema/event/limits.ts";
