/**
 * What a share link can show:
 *
 * | view      | what it shows                                                                     |
 * |-----------|-----------------------------------------------------------------------------------|
 * | `flow`    | the Task Flow, live: tasks, features, agents, locks, conflicts. Every link has it |
 * | `events`  | every event with all its fields; the words of decisions and of escalations        |
 * | `history` | earlier moments, and what left the live state                                     |
 */
export const SHARE_VIEWS = ["flow", "events", "history"] as const;
export type ShareView = (typeof SHARE_VIEWS)[number];
