/** Which lessons hold the words of a query, and how much that says (BM25). */
import { stemOf } from "../embed/stem.ts";
import { STOP_WORDS } from "../embed/stop-words.ts";
import { wordsOf } from "../embed/words.ts";
import { idf } from "../rank/fuse.ts";
import type { LessonFilter, Sql } from "./contract.ts";
import { cut, type LessonRows } from "./rows.ts";

/** Distinct words of a query that are looked up. A title has five, a task's description fifty. */
const MAX_QUERY_WORDS = 64;

/**
 * Above so many lessons, words that more than half of them hold are not searched: FTS5 gives each such match a
 * millionth, and reading ten thousand of them takes most of a search.
 */
const CROWD = 1_000;

/** The distinct words of a query that weigh something. */
export const queryWords = (text: string): string[] =>
  [...new Set(wordsOf(cut(text)))].filter((word) => !STOP_WORDS.has(word)).slice(0, MAX_QUERY_WORDS);

/** Words hold letters, digits and marks alone (embed/words.ts), so a quote cannot be among them. */
const quoted = (word: string) => `"${word}"`;

export interface LexicalMatches {
  /** BM25 by row, the greater the better. */
  bm25: Map<number, number>;
  idf_sum: number;
}

export function matchWords(
  sql: Sql,
  rows: LessonRows,
  words: readonly string[],
  filter: LessonFilter | undefined,
): LexicalMatches {
  const held = words.map((word) => ({ word, holding: holdingOf(sql, word) }));
  const rare = held.filter(({ holding }) => holding * 2 <= rows.count);
  const bm25 = new Map<number, number>();
  for (const { word, holding } of rare.length > 0 && rows.count > CROWD ? rare : held) {
    const found = sql
      .exec<{ row: number; score: number }>(
        "SELECT rowid AS row, bm25(lesson_words) AS score FROM lesson_words WHERE lesson_words MATCH ?",
        quoted(word),
      )
      .toArray();
    // FTS5 gives nothing for a word that half of the lessons hold, which in a small book is every word: its weight is
    // taken out and ours put in. It negates BM25, so that the best comes first in ascending order.
    const factor = -idf(rows.count, holding) / weightInFts5(rows.count, holding);
    for (const { row, score } of found)
      if (rows.allows(filter, row)) bm25.set(row, (bm25.get(row) ?? 0) + score * factor);
  }
  const idf_sum = held.reduce((sum, { holding }) => sum + idf(rows.count, holding), 0);
  return { bm25, idf_sum };
}

function holdingOf(sql: Sql, word: string): number {
  const [found] = sql
    .exec<{ n: number }>("SELECT count(*) AS n FROM lesson_words WHERE lesson_words MATCH ?", quoted(word))
    .toArray();
  return found?.n ?? 0;
}

/** Its own idf, from fts5_aux.c: ln((N − n + 0.5) / (n + 0.5)), and a millionth where that is not positive. */
function weightInFts5(lessons: number, holding: number): number {
  const weight = Math.log((lessons - holding + 0.5) / (holding + 0.5));
  return weight > 0 ? weight : 1e-6;
}

/** The lesson's own words that the query says too, in the order of the lesson. @param stems of the query's words. */
export function termsOf(sql: Sql, stems: ReadonlySet<string>, row: number): string[] {
  const [found] = sql.exec<{ text: string }>("SELECT text FROM lesson_index WHERE row = ?", row).toArray();
  return [...new Set(wordsOf(found?.text ?? ""))].filter((word) => stems.has(stemOf(word)));
}
