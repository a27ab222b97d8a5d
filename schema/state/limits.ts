/**
 * What the hot state may hold (S5). The whole history is in the log and in D1;
 * this is the working set that the room keeps in memory, writes as a snapshot
 * and sends to every new viewer.
 *
 * Two rules come from redaction (S2): a limit counts entries or characters of
 * structure and free text only, never characters of a name (agent, person,
 * path), because an alias has another length. Names are bounded where events
 * are parsed, in schema/event.
 */

/** Tasks. A graph of 1,000 is what a screen lays out; two and a half such sprints may be open at once. */
export const MAX_OPEN_TASKS = 2_500;
/** Tasks. The whole history of a recorded tracker (5,739 issues, deleted ones among them) stays in sight; older ones are in D1. */
export const MAX_CLOSED_TASKS = 2_250;
/** Features. Five open tasks each fill the tasks' own limit. */
export const MAX_OPEN_FEATURES = 500;
/** Features. As for tasks. */
export const MAX_CLOSED_FEATURES = 500;
/** Agents. Short-lived subagents have ids of their own; the newest thousand say who works now. */
export const MAX_AGENTS = 1_000;
/** Locks. One per agent. */
export const MAX_LOCKS = 1_000;
/** Conflicts. They are for a person to read; releasing a lock scans them. */
export const MAX_CONFLICTS = 200;
/** Escalations. They are for a person to read; resolving scans them. */
export const MAX_ESCALATIONS = 200;
/** Decisions. The decision log of a screen; older ones are searched in D1. */
export const MAX_DECISIONS = 250;

/** Budgets of a project: each that a model call falls under costs it some 0.1 µs, and a screen shows no more. No further one can be set. */
export const MAX_BUDGETS = 50;
/** Months that a budget keeps: a year and the current one. */
export const MAX_BUDGET_ACCOUNTS = 13;
/** Months of the whole project: what a budget of months may begin with. */
export const MAX_SPENDING_MONTHS = MAX_BUDGET_ACCOUNTS;
/** Days of a budget's rate of spending: a week and today. */
export const MAX_BUDGET_DAYS = 8;
/** Reservations held at once: agents at work, ten each. Beyond it none is granted, so that none that counts is forgotten. */
export const MAX_HELD_RESERVATIONS = 1_000;
/** Of one key: half of them, so that one that never settles leaves room for the others'. */
export const MAX_HELD_RESERVATIONS_PER_KEY = MAX_HELD_RESERVATIONS / 2;
/** Reservations that have ended: so long is a late or a second settlement recognised, and a request that is sent again. */
export const MAX_ENDED_RESERVATIONS = 1_000;
/** Open alerts. More than a person reads in a day: past it, one cause is behind many. */
export const MAX_OPEN_ALERTS = 200;
/** Closed alerts that stay in sight: what happened since yesterday. Older ones are in the log. */
export const MAX_CLOSED_ALERTS = 100;

/** Targets. A hundred strata of two measures; the one longest untouched is forgotten. */
export const MAX_TARGETS = 200;
/** Forecasts whose truth is awaited: two of each task that a hundred agents work on at once. */
export const MAX_OPEN_FORECASTS = 200;
/** Forecasts with their truth: what a rate of nine in ten is told by within four points. */
export const MAX_SCORED_FORECASTS = 200;

/** Sprints: the current one, and what became of those before it. */
export const MAX_SPRINTS = 10;
/** Ways of working: more than a team keeps to; the one adopted first goes first. */
export const MAX_SOPS = 50;
/** Characters of one that are kept: what an agent can be handed. */
export const MAX_SOP_CHARS = 2_000;
/** Roles, and kinds of tasks, that one names. */
export const MAX_SOP_SCOPES = 20;
/** Features of one sprint: more is no plan, and a screen shows no more. */
export const MAX_SPRINT_FEATURES = 50;

/** Entries that an overflow may spare because they are at work, before it forgets one anyway. */
export const MAX_SPARED = 8;
/** Events. An entry that the last so many events mentioned counts as at work. */
export const RECENT_EVENTS = 1_000;

/** Ids in one task's or feature's list. More than a hundred edges into one node is a mistake or an attack. */
export const MAX_DEPENDENCIES = 100;
/** Ids in all lists together: three per task that the hot state may hold. */
export const MAX_TOTAL_DEPENDENCIES = 13_500;
/** Paths in one task's list: what a side panel can show. */
export const MAX_FILES = 50;
/** Files of one feature that are told apart, as numbers: three times what is complex by default, some 1 MB of all. More of them count as one more. */
export const MAX_FEATURE_FILES = 64;
/** Paths in all lists together: one per open task, at 1,024 characters each about 2.5 MB. */
export const MAX_TOTAL_FILES = 2_500;

/**
 * Moves of one task or feature that a late event is placed among. Recorded work has up to a dozen, and what
 * comes late comes in minutes; 2,400 of them all full take 1 MB.
 */
export const MAX_MOVES = 24;

/** Distinct event types with a count of their own; senders may invent names, the rest is `other`. */
export const MAX_EVENT_TYPES = 300;

/** Characters (UTF-16). Longer than any headline a person reads. */
export const MAX_TITLE_CHARS = 300;
/** Characters. Two sentences of why; the event itself has the whole text. */
export const MAX_REASON_CHARS = 300;
/** Characters. A paragraph. */
export const MAX_RATIONALE_CHARS = 1_000;
/** Options that a decision rejected. */
export const MAX_ALTERNATIVES = 10;
/** Characters of one rejected option. */
export const MAX_ALTERNATIVE_CHARS = 300;
/** Characters of a kind, role or model: names of a vocabulary, not prose. */
export const MAX_LABEL_CHARS = 100;
/**
 * One metric of one event: a token count, a number of tests, US dollars. Above
 * it stands no measurement, and sums of 2^53 such values stay finite.
 */
export const MAX_AMOUNT = 1e15;

/**
 * Characters of `stateText` when every limit is reached with the longest ids
 * and texts of plain ASCII: what a hostile sender can make its own room hold.
 * A quarter of its 128 MB, because the state, its text and what viewers have not
 * acknowledged stand there at once. The 704 issues of a real tracker take under one hundredth of it.
 */
export const MAX_STATE_CHARS = 32_000_000;
