/**
 * The index that needs nothing but SQLite: words in FTS5, vectors as rows beside them, held in memory while it lives.
 * Whoever keeps the book opens one over its own storage. Between two awaits nothing else writes there.
 */
import type { Embedder, Found, IndexedLesson, LessonIndex, LessonQuery, Sql } from "./contract.ts";
import { embedAll } from "./embed-all.ts";
import { findLessons } from "./find.ts";
import { packVector, Vectors } from "./vectors.ts";
import { LessonRows, type Waiting } from "./rows.ts";

export function openEmbeddedIndex(sql: Sql, embedder: Embedder): LessonIndex {
  const rows = new LessonRows(sql);
  const vectors = new Vectors(embedder.dimensions);
  const stored = sql
    .exec<{
      row: number;
      vector: ArrayBuffer | null;
    }>("SELECT row, vector FROM lesson_index WHERE embedder = ?", embedder.version)
    .toArray();
  for (const { row, vector } of stored) vectors.set(row, vector);

  /** Those that cannot be made now stay waiting. */
  async function fill(waiting: readonly Waiting[]): Promise<void> {
    const made = await embedAll(
      embedder,
      waiting.map(({ text }) => text),
    );
    if (made === null) return;
    waiting.forEach((lesson, n) => {
      const vector = made[n] ?? null;
      const packed = vector && packVector(vector);
      if (rows.embedded(lesson, embedder.version, packed)) vectors.set(lesson.row, packed);
    });
  }

  return {
    async upsert(lessons: readonly IndexedLesson[]): Promise<void> {
      const changed: Waiting[] = [];
      for (const lesson of lessons) {
        const row = rows.put(lesson);
        if (row !== null) changed.push(...rows.unembedded(row));
      }
      await fill(changed);
    },
    async remove(ids) {
      for (const id of ids) {
        const row = rows.drop(id);
        if (row !== undefined) vectors.delete(row);
      }
    },
    search: (query: LessonQuery): Promise<Found> =>
      findLessons({
        query,
        sql,
        rows,
        calibration: embedder.calibration,
        cosines: async (text, filter) => {
          const made = await embedAll(embedder, [text]);
          if (made === null) return null;
          const [vector] = made;
          return () => (vector ? vectors.cosines(vector, rows.allowed(filter)) : new Map());
        },
      }),
    async vectors(ids) {
      return new Map(
        ids.flatMap((id) => {
          const row = rows.row(id);
          const vector = row === undefined ? undefined : vectors.get(row);
          return vector === undefined ? [] : [[id, vector] as const];
        }),
      );
    },
    async reindex(limit) {
      await fill(rows.waiting(embedder.version, limit));
      return rows.left(embedder.version);
    },
  };
}
