/**
 * How often things happen to an ordinary team, before any planted truth. They
 * are chosen, not measured: near what recorded teams show where such records
 * exist, and round, so that a test can expect them.
 */

/** A task whose specification leaves a question open: once in a dozen. */
export const CLARIFICATION = 0.08;
/** A first test run that fails: agents submit what compiles, and a third of that is wrong somewhere. */
export const TEST_FAILURE = 0.3;
/** Each repeat fails less: the message says where. */
export const TEST_FAILURE_AGAIN = 0.25;
/** A test run that fails for no reason in the code, and passes when it is run again. */
export const FLAKY_TEST = 0.05;
/** A first lint run that finds something. */
export const LINT_ERROR = 0.2;
/** A first review that asks for changes. Leaves room for a lesson of 20 points in both directions. */
export const FIRST_REVIEW_CHANGES = 0.35;
/** A later review that asks again: two cycles are the rule, three the exception. */
export const LATER_REVIEW_CHANGES = 0.12;
/** Of those that ask for changes, the ones that refuse the approach as a whole. */
export const REVIEW_REJECTS = 0.08;
/** The tests after a merge fail although the branch was green. */
export const INTEGRATION_FAILURE = 0.05;
/** A merged task that turns out to be broken. */
export const BUG_AFTER_MERGE = 0.04;
/** An agent's process dies, per model call while coding: about once in forty tasks. */
export const CRASH_PER_CALL = 0.0015;
/** Requests that the user takes back before the work begins. */
export const ABANDONED = 0.03;
/** Tasks for which an ordinary lesson is looked up; it changes nothing. */
export const LESSON_LOOKED_UP = 0.2;
/** Features whose review leaves a lesson behind. */
export const LESSON_LEARNED = 0.4;

/** Failing test runs after which an agent gives up and asks a person. */
export const RETRY_BUDGET = 3;
/** Reviews after which the Board decides. */
export const MAX_REVIEW_CYCLES = 4;
