/**
 * The lessons' texts and their words, in the SQLite of whoever keeps the book: FTS5 with the Porter stemmer over
 * words as embed/words.ts splits them. Both indexes stand on it.
 *
 *   lesson_index  row ─ id, text, project, scope, category, tags, status, revision │ embedder, vector
 *   lesson_words  rowid = row, the words of the text
 */
import { wordsOf } from "../embed/words.ts";
import { MAX_INDEXED_CHARS, type IndexedLesson, type LessonFilter, type Sql } from "./contract.ts";
import { passes, type Marks } from "./filter.ts";

const TABLES = [
  `CREATE TABLE IF NOT EXISTS lesson_index (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, project TEXT NOT NULL, scope TEXT NOT NULL,
    category TEXT NOT NULL, tags TEXT NOT NULL, status TEXT NOT NULL, revision INTEGER NOT NULL, embedder TEXT, vector BLOB)`,
  `CREATE VIRTUAL TABLE IF NOT EXISTS lesson_words USING fts5(words, tokenize = 'porter unicode61')`,
];

interface Kept extends Marks {
  id: string;
}

export interface Waiting {
  row: number;
  text: string;
  revision: number;
}

/** What of a text is searched. */
export const cut = (text: string) => text.slice(0, MAX_INDEXED_CHARS);

export class LessonRows {
  readonly #sql: Sql;
  readonly #marks_go_along: boolean;
  /** What filters ask, by row; read once. */
  readonly #kept = new Map<number, Kept>();
  readonly #rows = new Map<string, number>();

  /** @param marks_go_along the vector's keeper knows project, status and so on too, and must hear of a change of theirs. */
  constructor(sql: Sql, marks_go_along = false) {
    this.#sql = sql;
    this.#marks_go_along = marks_go_along;
    for (const table of TABLES) sql.exec(table);
    const rows = sql
      .exec<Omit<Kept, "tags"> & { row: number; tags: string }>(
        "SELECT row, id, project, scope, category, tags, status FROM lesson_index",
      )
      .toArray();
    for (const { row, tags, ...rest } of rows)
      this.#keep(row, { ...rest, tags: JSON.parse(tags) as string[] });
  }

  #keep(row: number, kept: Kept): void {
    this.#kept.set(row, kept);
    this.#rows.set(kept.id, row);
  }

  get count(): number {
    return this.#kept.size;
  }

  row(id: string): number | undefined {
    return this.#rows.get(id);
  }

  id(row: number): string | undefined {
    return this.#kept.get(row)?.id;
  }

  marks(row: number): Marks | undefined {
    return this.#kept.get(row);
  }

  /** Rows that a search may find. */
  *allowed(filter: LessonFilter | undefined): Generator<number> {
    for (const [row, kept] of this.#kept) if (passes(filter, kept)) yield row;
  }

  allows(filter: LessonFilter | undefined, row: number): boolean {
    const kept = this.#kept.get(row);
    return kept !== undefined && passes(filter, kept);
  }

  /** Writes a lesson whole; its vector is then missing. Null: it stands there already, vector and all. */
  put(lesson: IndexedLesson): number | null {
    const { id, project, scope, category, tags, status } = lesson;
    const text = cut(lesson.text);
    const marks = [project, scope, category, JSON.stringify(tags), status] as const;
    const row = this.#rows.get(id);
    if (row === undefined) {
      const [added] = this.#sql
        .exec<{ row: number }>(
          `INSERT INTO lesson_index (id, text, project, scope, category, tags, status, revision)
           VALUES (?, ?, ?, ?, ?, ?, ?, 0) RETURNING row`,
          id,
          text,
          ...marks,
        )
        .toArray();
      if (added === undefined) throw new Error("a row that was inserted was not returned");
      this.#sql.exec(
        "INSERT INTO lesson_words (rowid, words) VALUES (?, ?)",
        added.row,
        wordsOf(text).join(" "),
      );
      this.#keep(added.row, { id, project, scope, category, tags: [...tags], status });
      return added.row;
    }
    const [old] = this.#sql
      .exec<{ text: string }>("SELECT text FROM lesson_index WHERE row = ?", row)
      .toArray();
    const is_new_text = old?.text !== text;
    const has = this.#kept.get(row);
    const is_new =
      has === undefined ||
      marks.join("\n") !==
        [has.project, has.scope, has.category, JSON.stringify(has.tags), has.status].join("\n");
    if (!is_new_text && !is_new) return null;
    this.#sql.exec(
      `UPDATE lesson_index SET text = ?, project = ?, scope = ?, category = ?, tags = ?, status = ?,
       revision = revision + 1, embedder = CASE WHEN ? THEN NULL ELSE embedder END WHERE row = ?`,
      text,
      ...marks,
      is_new_text || this.#marks_go_along ? 1 : 0,
      row,
    );
    if (is_new_text)
      this.#sql.exec("UPDATE lesson_words SET words = ? WHERE rowid = ?", wordsOf(text).join(" "), row);
    this.#keep(row, { id, project, scope, category, tags: [...tags], status });
    return row;
  }

  /** Forgets a lesson; answers the row it had. */
  drop(id: string): number | undefined {
    const row = this.#rows.get(id);
    if (row === undefined) return undefined;
    this.#sql.exec("DELETE FROM lesson_words WHERE rowid = ?", row);
    this.#sql.exec("DELETE FROM lesson_index WHERE row = ?", row);
    this.#kept.delete(row);
    this.#rows.delete(id);
    return row;
  }

  /** Those whose vector is missing or another embedder's, the oldest first. */
  waiting(embedder: string, limit: number): Waiting[] {
    return this.#sql
      .exec<{ row: number; text: string; revision: number }>(
        "SELECT row, text, revision FROM lesson_index WHERE embedder IS NOT ? ORDER BY row LIMIT ?",
        embedder,
        limit,
      )
      .toArray();
  }

  /** The same for one lesson: none, where its text was embedded before. */
  unembedded(row: number): Waiting[] {
    return this.#sql
      .exec<{ row: number; text: string; revision: number }>(
        "SELECT row, text, revision FROM lesson_index WHERE row = ? AND embedder IS NULL",
        row,
      )
      .toArray();
  }

  /** The lesson is still the one that was read. */
  isCurrent({ row, revision }: Waiting): boolean {
    return (
      this.#sql.exec("SELECT row FROM lesson_index WHERE row = ? AND revision = ?", row, revision).toArray()
        .length === 1
    );
  }

  left(embedder: string): number {
    const [found] = this.#sql
      .exec<{ n: number }>("SELECT count(*) AS n FROM lesson_index WHERE embedder IS NOT ?", embedder)
      .toArray();
    return found?.n ?? 0;
  }

  /** The vector was made of this very text. False: the lesson has changed or gone meanwhile. */
  embedded({ row, revision }: Waiting, embedder: string, vector: ArrayBuffer | null): boolean {
    return (
      this.#sql
        .exec<{ row: number }>(
          "UPDATE lesson_index SET embedder = ?, vector = ? WHERE row = ? AND revision = ? RETURNING row",
          embedder,
          vector,
          row,
          revision,
        )
        .toArray().length === 1
    );
  }
}
