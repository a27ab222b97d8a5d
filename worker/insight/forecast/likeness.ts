/**
 * Work that reads like it: TF-IDF vectors of title, kind, files and feature, compared by their cosine (Salton &
 * Buckley, Information Processing & Management 1988). Holds the newest records only; a record enters when it closes.
 */
import type { WorkRecord } from "../work/record.ts";

/** Records compared with. Older work says less, and each forecast looks at all of them that share a word. */
const MAX_DOCUMENTS = 400;
/** Words of one record. A title has ten. */
const MAX_WORDS = 60;
/** A cosine below it is chance: one common word among several rare ones. */
const LEAST_LIKENESS = 0.15;
/** Neighbours asked. */
const NEIGHBOURS = 9;
/** Fewer neighbours than this are no sample. */
const LEAST_NEIGHBOURS = 3;

interface Document {
  id: string;
  words: ReadonlySet<string>;
  value: number;
  /** Length of its vector when it was added: words become a little rarer or commoner afterwards. */
  norm: number;
}

export interface Likeness {
  /** The weighted median of what the neighbours measured. */
  value: number;
  ids: string[];
}

export class Neighbours {
  readonly #documents: Document[] = [];
  /** Which documents a word stands in, the oldest first. */
  readonly #with = new Map<string, Document[]>();

  add(record: WorkRecord, value: number): void {
    const words = wordsOf(record);
    const document = { id: record.id, words, value, norm: this.#norm(words) };
    this.#documents.push(document);
    for (const word of words) {
      const documents = this.#with.get(word);
      if (documents === undefined) this.#with.set(word, [document]);
      else documents.push(document);
    }
    if (this.#documents.length <= MAX_DOCUMENTS) return;
    for (const word of this.#documents.shift()?.words ?? []) {
      const documents = this.#with.get(word);
      documents?.shift();
      if (documents?.length === 0) this.#with.delete(word);
    }
  }

  /** Null where too little resembles it. */
  nearest(record: WorkRecord): Likeness | null {
    const words = wordsOf(record);
    const own = this.#norm(words);
    if (own === 0) return null;
    const shared = new Map<Document, number>();
    for (const word of words) {
      const weight = this.#weight(word) ** 2;
      for (const document of this.#with.get(word) ?? [])
        shared.set(document, (shared.get(document) ?? 0) + weight);
    }
    const near: { id: string; value: number; weight: number }[] = [];
    for (const [{ id, value, norm }, sum] of shared) {
      const weight = sum / (own * norm);
      if (weight >= LEAST_LIKENESS) near.push({ id, value, weight });
    }
    near.sort((a, b) => b.weight - a.weight);
    const chosen = near.slice(0, NEIGHBOURS);
    if (chosen.length < LEAST_NEIGHBOURS) return null;
    return { value: weightedMedian(chosen), ids: chosen.map(({ id }) => id) };
  }

  /** Inverse document frequency, smoothed so that a word of every document still weighs a little. */
  #weight(word: string): number {
    return Math.log(1 + (this.#documents.length + 1) / (1 + (this.#with.get(word)?.length ?? 0)));
  }

  #norm(words: ReadonlySet<string>): number {
    let sum = 0;
    for (const word of words) sum += this.#weight(word) ** 2;
    return Math.sqrt(sum);
  }
}

function wordsOf({ title, kind, files, feature_id, is }: WorkRecord): Set<string> {
  const words = new Set(
    title
      .toLowerCase()
      .match(/[\p{L}\p{N}]{2,}/gu)
      ?.slice(0, MAX_WORDS),
  );
  if (kind !== null) words.add(`kind:${kind}`);
  if (feature_id !== null && is === "task") words.add(`feature:${feature_id}`);
  for (const file of files.slice(0, MAX_WORDS)) words.add(`file:${file}`);
  return words;
}

function weightedMedian(items: readonly { value: number; weight: number }[]): number {
  const sorted = items.toSorted((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of sorted) {
    sum += weight;
    if (sum >= half) return value;
  }
  return sorted.at(-1)?.value ?? 0;
}
