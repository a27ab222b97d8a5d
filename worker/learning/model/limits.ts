/** Every limit on asking a language model: name, unit, reason. */
import { HANDED_CHARS, MAX_HEADLINE_CHARS } from "../../../schema/wire/lesson-limits.ts";

/** ms one try may take: a reflection that says nothing for a minute is started anew (worker/room/limits.ts). */
export const MODEL_TIMEOUT_MS = 20_000;
/** Tries of one asking, where the provider says that it did nothing: busy, failing, or not there. */
export const MAX_MODEL_TRIES = 2;
/** ms between them: with both tries it stays within the minute. */
export const MODEL_PAUSE_MS = 2_000;
/** Tokens that an answer may have: three times the longest that is taken. */
export const MAX_ANSWER_TOKENS = 800;
/** Bytes of a reply that are read: what is longer is no lesson. */
export const MAX_REPLY_BYTES = 65_536;
/** Characters of a fact that are sent: names and comments, cut to what a lesson could quote. */
export const MAX_FACT_CHARS = 400;
/** Askings of one project in a day (UTC) where the operator says nothing: 60 features with three lessons each, and some over. */
export const DEFAULT_CALLS_PER_DAY = 200;
/** Askings of all projects of a team: projects are made freely, and no team uses up more than a quarter of what all have. */
export const DEFAULT_CALLS_PER_DAY_TEAM = 500;
/** Askings of all projects together: anybody who may sign up has projects, and whoever runs this pays; about a dollar with a small model. */
export const DEFAULT_CALLS_PER_DAY_TOTAL = 2_000;

/** Characters of the parts of a lesson, least and most. Longer ones would be cut where they are handed over. */
export const HEADLINE_CHARS = { least: 12, most: MAX_HEADLINE_CHARS } as const;
export const EXPLANATION_CHARS = { least: 20, most: HANDED_CHARS } as const;
export const CONTEXT_CHARS = { least: 10, most: 300 } as const;
