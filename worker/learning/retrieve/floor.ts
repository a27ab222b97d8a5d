/** Where a lesson is about something else. */

/**
 * 0–1, of the index's fused relevance. Placeholder of the thin path until it is measured.
 */
export const RELEVANCE_FLOOR = 0.12;
