/**
 * What a share link can show:
 *
 * | view      | what it shows                                                                             |
 * |-----------|-------------------------------------------------------------------------------------------|
 * | `flow`    | the Task Flow, live: tasks, features, agents, locks, conflicts. Every link has it         |
 * | `metrics` | how it goes: the executive overview, metrics, agents' performance, forecasts, budgets,    |
 * |           | what alerts say                                                                           |
 * | `events`  | every event with all its fields; the words of decisions, SOPs and escalations             |
 * | `history` | earlier moments, and what left the live state                                             |
 *
 * One view for all that is measured: whoever may see one figure of it learns much of the others, and who makes a
 * link decides by the redactions (cost, name, title, text) what of it stays hidden.
 */
export const SHARE_VIEWS = ["flow", "metrics", "events", "history"] as const;
export type ShareView = (typeof SHARE_VIEWS)[number];
