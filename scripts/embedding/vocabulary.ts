/** Which words get a vector, and how much each weighs. */
import { STOP_WORDS } from "../../worker/learning/embed/stop-words.ts";

/** Rarer words were seen beside too few others to have a place. */
const MIN_COUNT = 4;
const MIN_DOCUMENTS = 3;

export interface Vocabulary {
  /** The most frequent first; equals by the alphabet. */
  words: string[];
  index: Map<string, number>;
  /** ln(1 + (N − df + 0.5) / (df + 0.5)), as BM25 has it. */
  idf: Float64Array;
}

/** @param passages each as its words. */
export function chooseWords(passages: readonly (readonly string[])[], at_most: number): Vocabulary {
  const counts = new Map<string, number>();
  const documents = new Map<string, number>();
  for (const words of passages) {
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of new Set(words)) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  const words = [...counts]
    .filter(([word, n]) => n >= MIN_COUNT && (documents.get(word) ?? 0) >= MIN_DOCUMENTS)
    // Numbers have no meaning of their own; names of algorithms and formats (sha256, utf8) begin with a letter.
    .filter(([word]) => !STOP_WORDS.has(word) && /^\p{L}/u.test(word) && word.length > 1)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, at_most)
    .map(([word]) => word);
  const idf = Float64Array.from(words, (word) => {
    const df = documents.get(word) ?? 0;
    return Math.log(1 + (passages.length - df + 0.5) / (df + 0.5));
  });
  return { words, index: new Map(words.map((word, n) => [word, n])), idf };
}
