/** Every limit of telling alerts: name, unit, reason. */

/** How long a receiver may take, ms: a room of ours waits for it. */
export const ANSWER_TIMEOUT_MS = 10_000;
/** Characters of a title in a message: it is read on a phone. */
export const MAX_TITLE_CHARACTERS = 200;
/** Characters of the words below it: Slack takes 3,000 in one block. */
export const MAX_WORDS_CHARACTERS = 1_500;
