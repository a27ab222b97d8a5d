/**
 * The built-in embedder: the mean of a text's word vectors, each weighted by how rare the word is, without the one
 * direction that all texts share, at unit length (smooth inverse frequency: Arora, Liang, Ma 2017, "A Simple but
 * Tough-to-Beat Baseline for Sentence Embeddings"). No network, no model server, no account; some 0.1 ms a text.
 */
import type { Embedder } from "../index/contract.ts";
import { STOP_WORDS } from "./stop-words.ts";
import { addRow, readTable, type WordTable } from "./table.ts";
import { wordsOf } from "./words.ts";

/** Endings under which a word that the table lacks may be found in another form. */
const ENDINGS = ["s", "es", "ed", "d", "ing", "er", "ly"];

/** Words of one text that count: a query or lesson says what it is about in fewer. */
const MAX_WORDS = 2_000;

/** That of a rare word (its IDF): what nobody documents is a name, an identifier, or of another language. */
const UNKNOWN_WEIGHT = 8;

function timesOf(words: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const word of words) if (!STOP_WORDS.has(word)) times.set(word, (times.get(word) ?? 0) + 1);
  return times;
}

/**
 * A word that the table lacks has a direction of its own, drawn from its letters: it is like itself and, all but
 * certainly, like nothing else. Numbers are FNV-1a and the mixing of MurmurHash3.
 */
function addUnknown(word: string, weight: number, sum: Float32Array): void {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i += 1) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  const part = weight / Math.sqrt(sum.length);
  for (let i = 0; i < sum.length; i += 1) {
    hash = (Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) + i) | 0;
    hash ^= hash >>> 13;
    sum[i] = (sum[i] ?? 0) + ((hash & 1) === 1 ? part : -part);
  }
}

export class StaticEmbedder implements Embedder {
  readonly version: string;
  readonly dimensions: number;
  static readonly calibration = { floor: 0, highest: 0.6, lowest: 0.2 } as const;
  readonly calibration = StaticEmbedder.calibration;
  readonly #table: WordTable;
  readonly #rows: Map<string, number>;

  constructor(table: WordTable) {
    this.#table = table;
    this.version = table.version;
    this.dimensions = table.dimensions;
    this.#rows = new Map(table.words.map((word, n) => [word, n]));
  }

  /** @param file words.bin. Loads in some 15 ms. */
  static of(file: ArrayBuffer): StaticEmbedder {
    return new StaticEmbedder(readTable(file));
  }

  async embed(texts: readonly string[]): Promise<(Float32Array | null)[]> {
    return texts.map((text) => this.vectorOf(text));
  }

  /** Null: it says nothing. */
  vectorOf(text: string): Float32Array | null {
    const sum = new Float32Array(this.dimensions);
    for (const [word, times] of timesOf(wordsOf(text).slice(0, MAX_WORDS))) {
      // A word that comes again says less each time.
      const weight = 1 + Math.log(times);
      const row = this.#find(word);
      if (row === undefined) addUnknown(word, weight * UNKNOWN_WEIGHT, sum);
      else addRow(this.#table, row, sum, weight);
    }
    const { shared } = this.#table;
    let along = 0;
    for (let i = 0; i < sum.length; i += 1) along += (sum[i] ?? 0) * (shared[i] ?? 0);
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) - along * (shared[i] ?? 0);
    return atUnitLength(sum);
  }

  /** The weighted sum of known words alone, of which the builder finds the direction that all texts share. */
  sumOf(words: readonly string[]): Float32Array | null {
    const sum = new Float32Array(this.dimensions);
    let known = 0;
    for (const word of words.slice(0, MAX_WORDS)) {
      const row = STOP_WORDS.has(word) ? undefined : this.#find(word);
      if (row === undefined) continue;
      addRow(this.#table, row, sum, 1);
      known += 1;
    }
    return known === 0 ? null : sum;
  }

  #find(word: string): number | undefined {
    const row = this.#rows.get(word);
    if (row !== undefined || word.length < 5) return row;
    for (const ending of ENDINGS) {
      const found = word.endsWith(ending)
        ? (this.#rows.get(word.slice(0, -ending.length)) ??
          this.#rows.get(`${word.slice(0, -ending.length)}e`))
        : this.#rows.get(word + ending);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** In place; null where there is no length to speak of. */
export function atUnitLength(vector: Float32Array): Float32Array | null {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (!(length > 1e-6)) return null;
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] ?? 0) / length;
  return vector;
}
