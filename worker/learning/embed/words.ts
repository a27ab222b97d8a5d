/**
 * A text as the words that are searched and embedded. The builder of the word vectors
 * (scripts/embedding) and the Worker read text through this one function; so does the index, on both sides.
 */

/** Words longer than this are hashes, encoded bytes and the like: nobody searches for them whole. */
const MAX_WORD_CHARS = 40;

/** Letters and digits of any script; a mark (accent, vowel sign) belongs to its letter. */
const RUN = /[\p{L}\p{N}\p{M}]+/gu;
/** getUserById → get User By Id; HTTPServer → HTTP Server. */
const CAMEL = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** These are written without spaces: each pair of neighbours is a word. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;
/** Without it the apostrophe leaves "don" and "t" behind. */
const CONTRACTION = /(\p{L})['’](?=(?:s|t|re|ve|ll|d|m)\b)/giu;

function pairs(run: string): string[] {
  const letters = [...run];
  if (letters.length < 2) return letters;
  return letters.slice(1).map((letter, i) => `${letters[i] ?? ""}${letter}`);
}

/** Lower-case words in the order of the text, identifiers split at their joints. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [run] of text.normalize("NFKC").replace(CONTRACTION, "$1").matchAll(RUN)) {
    if (UNSPACED.test(run)) words.push(...pairs(run));
    else
      for (const part of run.split(CAMEL)) if (part.length <= MAX_WORD_CHARS) words.push(part.toLowerCase());
  }
  return words;
}
