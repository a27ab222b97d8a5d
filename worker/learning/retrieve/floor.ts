/** Where a lesson is about something else, and nothing is better than it. */

/**
 * 0–1, of the index's fused relevance (rank/fuse.ts). Measured with the built-in embedder: of 40 general lessons, 2.9 %
 * of 766 and 2.2 % of 689 titles of two projects that are about other things get any, and none of 20 everyday
 * sentences; of the titles whose own description is a lesson, 96 to 97 % get it. The price is paid by
 * questions that share no word with their lesson: 7.5 % of 40 reach it.
 */
export const RELEVANCE_FLOOR = 0.25;
