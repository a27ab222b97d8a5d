/** An index of words alone, in the book's own SQLite: what there is where no embedder is. */
import type { Found, IndexedLesson, LessonFilter, LessonIndex, LessonQuery, Sql } from "../index/contract.ts";

const COMMON = new Set("a an and are as at be by can do for from has how if in into is it not of on or that the this to was what when which with you your".split(" "));
const MAX_QUERY_WORDS = 60;
type Row = { id: string; bm25: number; project: string; scope: string; category: string; tags: string; status: string };

export class WordsIndex implements LessonIndex {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
    sql.exec("CREATE TABLE IF NOT EXISTS indexed (id TEXT PRIMARY KEY, project TEXT, scope TEXT, category TEXT, tags TEXT, status TEXT)");
    sql.exec("CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (id UNINDEXED, text, tokenize = 'porter unicode61')");
  }

  async upsert(lessons: readonly IndexedLesson[]): Promise<void> {
    await this.remove(lessons.map(({ id }) => id));
    for (const { id, text, project, scope, category, tags, status } of lessons) {
      this.#sql.exec("INSERT INTO indexed VALUES (?, ?, ?, ?, ?, ?)", id, project, scope, category, JSON.stringify(tags), status);
      this.#sql.exec("INSERT INTO words (id, text) VALUES (?, ?)", id, text);
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      this.#sql.exec("DELETE FROM indexed WHERE id = ?", id);
      this.#sql.exec("DELETE FROM words WHERE id = ?", id);
    }
  }

  async search({ text, k, filter = {} }: LessonQuery): Promise<Found> {
    const words = [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]
      .filter((word) => !COMMON.has(word))
      .slice(0, MAX_QUERY_WORDS);
    const [{ n } = { n: 0 }] = this.#sql.exec<{ n: number }>("SELECT count(*) AS n FROM indexed").toArray();
    const idf = words.map((word) => {
      const [{ df } = { df: 0 }] = this.#sql
        .exec<{ df: number }>("SELECT count(*) AS df FROM words WHERE words MATCH ?", `"${word}"`)
        .toArray();
      return Math.log(1 + (n - df + 0.5) / (df + 0.5));
    });
    const most = idf.reduce((a, b) => a + b, 0);
    if (most === 0) return { hits: [], alpha: 0, semantic: false };
    const rows = this.#sql
      .exec<Row>(
        `SELECT words.id AS id, bm25(words) AS bm25, project, scope, category, tags, status
         FROM words JOIN indexed ON indexed.id = words.id WHERE words MATCH ? ORDER BY bm25`,
        words.map((word) => `"${word}"`).join(" OR "),
      )
      .toArray();
    const hits = rows
      .filter((row) => fits(row, filter))
      .slice(0, k)
      .map(({ id }) => {
        // bm25 itself says next to nothing where there are few lessons: FTS5's weight of a word in half of them is 0.
        const terms = this.#terms(id, words);
        const held = terms.reduce((sum, word) => sum + (idf[words.indexOf(word)] ?? 0), 0);
        const lexical = Math.min(1, held / most);
        return { id, relevance: lexical, cosine: null, lexical, terms };
      })
      .sort((a, b) => b.relevance - a.relevance);
    return { hits, alpha: 0, semantic: false };
  }

  async vectors(): Promise<Map<string, Float32Array>> {
    return new Map();
  }

  async reindex(): Promise<number> {
    return 0;
  }

  #terms(id: string, words: readonly string[]): string[] {
    return words.filter((word) =>
      this.#sql
        .exec<{ id: string }>("SELECT id FROM words WHERE words MATCH ? AND id = ?", `"${word}"`, id)
        .toArray().length > 0,
    );
  }
}

function fits({ project, scope, category, tags, status }: Row, filter: LessonFilter): boolean {
  const own = JSON.parse(tags) as string[];
  return (
    (filter.project === undefined || project === filter.project || scope === "team") &&
    (filter.category?.includes(category) ?? true) &&
    (filter.status?.includes(status) ?? true) &&
    (filter.tags?.some((tag) => own.includes(tag)) ?? true)
  );
}
