/** From passages to the table of word vectors: PPMI, a truncated SVD, unit rows times IDF, four bits a number. */
import { atUnitLength, StaticEmbedder } from "../../worker/learning/embed/static.ts";
import { packRow, type WordTable } from "../../worker/learning/embed/table.ts";
import { wordsOf } from "../../worker/learning/embed/words.ts";
import { associations } from "./cooccurrence.ts";
import { decompose } from "./decompose.ts";
import { MAX_PASSAGE_WORDS, MIN_PASSAGE_WORDS } from "./passages.ts";
import { chooseWords } from "./vocabulary.ts";

export interface LearnOptions {
  version: string;
  dimensions: number;
  /** With 256 dimensions each takes 132 bytes of the file, and its letters. */
  max_words: number;
  seed: number;
  say?: (line: string) => void;
}

export interface Learned {
  table: WordTable;
  /** The same before it was packed into four bits: rows times IDF, row-major. What packing costs is measured against it. */
  unpacked: Float32Array;
  passages: number;
  words_read: number;
}

/** Each passage once, in the order of arrival; what several packages copy counts once. */
export function distinct(texts: Iterable<string>): string[][] {
  const passages = new Map<string, string[]>();
  for (const text of texts) {
    const words = wordsOf(text);
    if (words.length < MIN_PASSAGE_WORDS || words.length > MAX_PASSAGE_WORDS) continue;
    const key = words.join(" ");
    if (!passages.has(key)) passages.set(key, words);
  }
  return [...passages.values()];
}

/** The direction that the vectors of all passages share, by power iteration. */
function sharedDirection(embedder: StaticEmbedder, passages: readonly string[][]): Float32Array {
  const vectors = passages.flatMap((words) => {
    const sum = embedder.sumOf(words);
    return sum === null ? [] : (atUnitLength(sum) ?? []);
  });
  let direction = new Float64Array(embedder.dimensions).fill(1);
  for (let round = 0; round < 8; round += 1) {
    const next = new Float64Array(embedder.dimensions);
    for (const vector of vectors) {
      let along = 0;
      for (let i = 0; i < vector.length; i += 1) along += (vector[i] ?? 0) * (direction[i] ?? 0);
      for (let i = 0; i < vector.length; i += 1) next[i] = (next[i] ?? 0) + along * (vector[i] ?? 0);
    }
    const length = Math.hypot(...next);
    direction = next.map((value) => value / length);
  }
  return Float32Array.from(direction);
}

/** Every so manieth passage tells what all share: more would not move it. */
const SHARED_BY_EVERY = 10;

export function learn(passages: readonly string[][], options: LearnOptions): Learned {
  const { dimensions, say = () => undefined } = options;
  const { words, index, idf } = chooseWords(passages, options.max_words);
  say(`${words.length} words`);
  const numbered = passages.map((passage) => Int32Array.from(passage, (word) => index.get(word) ?? -1));
  const matrix = associations(numbered, words.length);
  say(`${matrix.values.length} pairs`);
  const { left, values } = decompose(matrix, dimensions, options.seed);
  say(`singular values ${values[0]?.toFixed(1)} … ${values.at(-1)?.toFixed(1)}`);

  const half = dimensions / 2;
  const unpacked = new Float32Array(words.length * dimensions);
  const table: WordTable = {
    version: options.version,
    dimensions,
    words,
    shared: new Float32Array(dimensions),
    scales: new Float32Array(words.length),
    rows: new Uint8Array(words.length * half),
  };
  for (let n = 0; n < words.length; n += 1) {
    const row = unpacked.subarray(n * dimensions, (n + 1) * dimensions);
    for (let i = 0; i < dimensions; i += 1)
      row[i] = (left.values[n * dimensions + i] ?? 0) * (values[i] ?? 0) ** SPECTRUM;
    atUnitLength(row);
    for (let i = 0; i < dimensions; i += 1) row[i] = (row[i] ?? 0) * (idf[n] ?? 0);
    table.scales[n] = packRow(row, table.rows.subarray(n * half, (n + 1) * half));
  }
  table.shared = sharedDirection(
    new StaticEmbedder(table),
    passages.filter((_, n) => n % SHARED_BY_EVERY === 0),
  );
  return {
    table,
    unpacked,
    passages: passages.length,
    words_read: passages.reduce((sum, one) => sum + one.length, 0),
  };
}

/** Singular values to this power weigh the directions; the lower, the more the rare ones count (Levy, Goldberg, Dagan 2015). */
const SPECTRUM = 0.5;
