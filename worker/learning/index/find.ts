/** One search over words and meanings, the same for every index; only where cosines come from differs. */
import { stemOf } from "../embed/stem.ts";
import { fuse } from "../rank/fuse.ts";
import {
  MAX_HITS,
  type Calibration,
  type Found,
  type LessonFilter,
  type LessonQuery,
  type Sql,
} from "./contract.ts";
import type { LessonRows } from "./rows.ts";
import { matchWords, queryWords, termsOf } from "./words.ts";

export interface FindOptions {
  query: LessonQuery;
  sql: Sql;
  rows: LessonRows;
  calibration: Calibration;
  /** Waits for whoever knows, and then gives cosines by row of what the filter allows at that moment; null: nothing answered. */
  cosines: (text: string, filter: LessonFilter | undefined) => Promise<(() => Map<number, number>) | null>;
}

export async function findLessons({ query, sql, rows, calibration, cosines }: FindOptions): Promise<Found> {
  const { text, filter, by = "both" } = query;
  const k = Math.min(MAX_HITS, Math.max(1, Math.floor(query.k)));
  const asked = queryWords(text);
  // What lets nothing through is asked of nobody: Vectorize refuses an empty list.
  const is_open = !rows.allowed(filter).next().done;
  if (asked.length === 0 || !is_open) return { hits: [], alpha: 0, semantic: true };
  const near = by === "words" ? null : await cosines(text, filter);
  // After the wait, so that words and rows are those of one moment.
  const { bm25, idf_sum } = matchWords(sql, rows, asked, filter);
  const { alpha, ranked } = fuse({ bm25, idf_sum, cosines: near && near() }, calibration, k);
  const stems = new Set(asked.map(stemOf));
  return {
    hits: ranked.flatMap(({ key, relevance, cosine, lexical }) => {
      const id = rows.id(key);
      if (id === undefined) return [];
      return [{ id, relevance, cosine, lexical, terms: lexical > 0 ? termsOf(sql, stems, key) : [] }];
    }),
    alpha,
    semantic: by === "words" || near !== null,
  };
}
