/** Limits of lessons that more than one part keeps to, each with its unit and its reason. Nothing is imported: pages read it too. */

/** Characters of a headline: a sentence. */
export const MAX_HEADLINE_CHARS = 200;
/** Characters of an explanation that are kept, for people to read; an agent is handed its beginning (HANDED_CHARS). */
export const MAX_EXPLANATION_CHARS = 2_000;
/** Characters of the words that say when it applies. */
export const MAX_CONTEXT_CHARS = 600;
/** Characters of an explanation, and of the words that say when it applies, that an agent is handed: a paragraph, some 150 tokens. */
export const HANDED_CHARS = 600;
/** Tags of one lesson: more describe nothing any more. */
export const MAX_LESSON_TAGS = 20;
/** Characters of one tag: some words. */
export const MAX_LESSON_TAG_CHARS = 50;
/** Characters of the name by which a log calls a lesson, a task or a feature of it; with a project before it, it is a ref still. */
export const MAX_LESSON_NAME_CHARS = 200;
/** Characters of a comment on a lesson, or of the reason of its status: a remark, not an essay. */
export const MAX_REASON_CHARS = 500;
/** Characters of a question, or of a prompt, that lessons are searched by: a page of text. What it does not say, more would not find. */
export const MAX_QUESTION_CHARS = 4_000;
/** Lessons handed over at once: nobody reads more before the work. */
export const MAX_LESSONS_AT_ONCE = 20;
/** Tokens that lessons may need together at least: what stands around one when it is handed over, and a short sentence. */
export const MIN_LESSON_TOKENS = 50;
/** Tokens of lessons at once at most: more than MAX_LESSONS_AT_ONCE of the longest need (some 400 each). */
export const MAX_LESSON_TOKENS = 20_000;
/** 0–1: a control group larger than half of all teaches nothing more and costs all that lessons are for. */
export const MAX_WITHHELD_SHARE = 0.5;
/** Lessons of one page of a list: some 500 KB of the longest. */
export const MAX_LESSONS_PER_PAGE = 200;
