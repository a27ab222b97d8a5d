/**
 * One relevance from two: how many of the query's words a lesson holds, weighted by their rarity (BM25), and how near
 * it is in meaning (cosine). A weighted sum whose weight follows the query: where some lesson holds most of the
 * query's words, words decide; where none shares any, meaning does. Fusing ranks instead of scores loses that, and
 * dividing BM25 by the query's best makes of a chance word a full match (measured in test/retrieval).
 */
import type { Calibration } from "../index/contract.ts";

/** What BM25 gives a word that fills a short text: k1 + 1, with k1 = 1.2 as FTS5 has it. */
const MOST_PER_WORD = 2.2;

/** A best match that holds this share of what the query's words weigh is as good as its own words. */
const FULL_MATCH = 0.3;

/** ln(1 + (N − n + 0.5) / (n + 0.5)): never negative, unlike FTS5's own. */
export const idf = (lessons: number, holding: number) =>
  Math.log(1 + (lessons - holding + 0.5) / (holding + 0.5));

export interface Evidence<Key> {
  /** BM25 of those that share a word with the query, the greater the better. */
  bm25: ReadonlyMap<Key, number>;
  /** Sum of `idf` over the query's distinct words. */
  idf_sum: number;
  /** Null: nothing is known of meanings. Those that are missing have no vector. */
  cosines: ReadonlyMap<Key, number> | null;
}

export interface Ranked<Key> {
  key: Key;
  relevance: number;
  cosine: number | null;
  lexical: number;
}

type Place = Pick<Ranked<number | string>, "key" | "relevance">;
const isBefore = (a: Place, b: Place) =>
  a.relevance > b.relevance || (a.relevance === b.relevance && a.key < b.key);

const within = (value: number) => Math.min(1, Math.max(0, value));

/** The best `k`, the greatest relevance first; equals in the order of their keys. Nothing without evidence is among them. */
export function fuse<Key extends number | string>(
  { bm25, idf_sum, cosines }: Evidence<Key>,
  { floor, highest, lowest }: Calibration,
  k: number,
): { alpha: number; ranked: Ranked<Key>[] } {
  const lexical = new Map<Key, number>();
  let best = 0;
  if (idf_sum > 0)
    for (const [key, value] of bm25) {
      const share = within(value / (MOST_PER_WORD * idf_sum));
      lexical.set(key, share);
      best = Math.max(best, share);
    }
  const alpha = cosines === null ? 0 : highest - (highest - lowest) * Math.min(1, best / FULL_MATCH);

  // Of ten thousand a few are wanted: what cannot be among them is not even written down.
  const ranked: Ranked<Key>[] = [];
  const add = (key: Key, cosine: number | null, words: number) => {
    const meaning = cosine === null ? 0 : (cosine - floor) / (1 - floor);
    const relevance = within(alpha * meaning + (1 - alpha) * words);
    const last = ranked.length < k ? undefined : ranked[k - 1];
    if (!(relevance > 0) || (last !== undefined && !isBefore({ key, relevance }, last))) return;
    const one = { key, relevance, cosine, lexical: words };
    const at = ranked.findIndex((other) => isBefore(one, other));
    ranked.splice(at < 0 ? ranked.length : at, 0, one);
    if (ranked.length > k) ranked.pop();
  };
  for (const [key, words] of lexical) add(key, cosines?.get(key) ?? null, words);
  for (const [key, cosine] of cosines ?? []) if (!lexical.has(key)) add(key, cosine, 0);
  return { alpha, ranked };
}
