/**
 * How long things take, ms: log-normal, as times of human and machine work are
 * (the recorded trackers show it too), with medians that a person would guess.
 */
import type { LogNormal } from "./random.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** One model call: seconds. */
export const MODEL_CALL: LogNormal = { median: 7 * SECOND_MS, sigma: 0.6 };
/** Between two calls: the tool runs, the agent reads. */
export const TOOL_CALL: LogNormal = { median: 14 * SECOND_MS, sigma: 0.9 };
export const LINT_RUN: LogNormal = { median: 9 * SECOND_MS, sigma: 0.3 };
export const TEST_RUN: LogNormal = { median: 50 * SECOND_MS, sigma: 0.5 };
export const INTEGRATION_RUN: LogNormal = { median: 3 * MINUTE_MS, sigma: 0.4 };
/** A reviewer takes the work up. */
export const REVIEW_PICKUP: LogNormal = { median: 40 * SECOND_MS, sigma: 0.8 };
/** An architect answers a question. */
export const ANSWER: LogNormal = { median: 4 * MINUTE_MS, sigma: 0.7 };
/** A person reacts: minutes, sometimes hours. */
export const PERSON: LogNormal = { median: 12 * MINUTE_MS, sigma: 1 };
/** An agent that crashed is started again. */
export const RECOVERY: LogNormal = { median: 3 * MINUTE_MS, sigma: 0.6 };
/** Users meet a bug hours after the merge. */
export const BUG_FOUND: LogNormal = { median: 150 * MINUTE_MS, sigma: 0.9 };
/** Between two requests of the user, for one coder; more coders get more to do. */
export const BETWEEN_REQUESTS: LogNormal = { median: 105 * MINUTE_MS, sigma: 0.7 };
/** Model calls of one piece of work. */
export const CALLS: LogNormal = { median: 12, sigma: 0.5 };
