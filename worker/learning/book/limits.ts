/** The book's limits, each with its unit and its reason; those of a lesson's own words are in schema/wire/lesson-limits.ts. */

/** Lessons of a team: far more than anybody keeps true, and what one search reads through in some 20 ms. */
export const MAX_LESSONS = 20_000;
/**
 * Lessons of one project: its share, a quarter of the team's, so that three others keep as many whatever its keys send.
 * Where more projects fill the book, the share is what the project that holds most has to give up (surplus.ts).
 */
export const MAX_LESSONS_OF_PROJECT = 5_000;
/** Lessons that go at once where there are too many: they are put in order for each such turn, not for each event. */
export const EVICTED_AT_ONCE = 50;
/** Events that said it, which are kept by number. */
export const MAX_SEQS = 20;
/** Sayings of one lesson that are kept whole, so that the words of a purged key can be told from the others'. */
export const MAX_ORIGINS = 20;
/** Who may vote on one lesson, in agents; beyond it, votes of new ones are not counted. */
export const MAX_VOTERS = 1_000;
/** Lessons that are compared with a new one. */
export const TWIN_CANDIDATES = 5;
/** Hits of the index that are scored for one question: recency and importance may lift any of them. */
export const CANDIDATES = 60;
/**
 * Draws of one project: what one answer of the book carries (some 10 MB of 32 MiB), and ten tasks a day for years. They
 * are never forgotten, since bounds without their beginning promise nothing. A project that holds as many tosses no coin
 * any more: whatever fits is given, and what lessons did is told as it then stands (`is_full`).
 */
export const MAX_DRAWS_OF_PROJECT = 50_000;
/**
 * Trials whose bounds are computed in one turn, some 160 ms, after which others are served; the lesson begun is finished, so that
 * one turn takes twice as many at most. Where all are to be told anew, after a deployment or when a history was drawn for, a look
 * takes a turn for each so many.
 */
export const TOLD_AT_ONCE = 5_000;
/**
 * What a project's tasks and sessions were given without a coin, in rows (some 2 MB): the oldest are forgotten, and one that
 * asks after that is told again. Of each project by itself: none makes another's forget (T1).
 */
export const MAX_GIVEN_OF_PROJECT = 20_000;
/**
 * Names by which one lesson is called, in rows: its own, and those of twins that were merged into it, of which the oldest are
 * forgotten. Who says the same thing under a new name each time would else fill the book with names.
 */
export const MAX_NAMES_OF_LESSON = 100;
/**
 * Names and wordings by which lessons are known that were judged before they had to go, in rows (some 4 MB): one or two of each,
 * so that a person who quarantines all lessons of a flood is heard. The oldest are forgotten.
 */
export const MAX_VERDICTS_OF_PROJECT = 20_000;
/** Missing vectors made per turn of the alarm. */
export const REINDEX_STEP = 100;
/** ms until what the index could not take is tried again. */
export const REINDEX_RETRY_MS = 60_000;
