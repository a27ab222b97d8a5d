/** Sessions of a coding agent: work that begins with a prompt, and has no end that anybody calls good or bad. */
export const SESSION_KIND = "session";
/** What is held back from one: nothing, since by an outcome that nobody knows nothing could be told. */
export const SESSION_SHARE = 0;
