/**
 * The index of an installation with Vectorize: vectors lie there, in the team's namespace; texts, words and filters
 * stay here. So what Vectorize does not know yet (its writes show after seconds), or knows no longer, is found by its
 * words, what it still knows of a lesson that is gone finds nothing, and when it fails words alone are searched.
 */
import { hash } from "node:crypto";
import { within } from "../query/within.ts";
import type { Embedder, LessonFilter, LessonIndex, Sql } from "./contract.ts";
import { embedAll } from "./embed-all.ts";
import { findLessons } from "./find.ts";
import { LessonRows, type Waiting } from "./rows.ts";

/** Vectorize's own limits. */
const MAX_NEAREST = 100;
const MAX_GET = 20;
const MAX_WRITE = 1_000;
/** Conditions of a query together; a long one is left to what is checked here. */
const MAX_FILTER_CHARS = 2_000;
const TIMEOUT_MS = 3_000;

/** What is asked of the binding. */
export type VectorStore = Pick<Vectorize, "query" | "upsert" | "deleteByIds" | "getByIds">;

export interface VectorizeOptions {
  sql: Sql;
  embedder: Embedder;
  store: VectorStore;
  /** The team's id, its namespace in an index that all teams share: at most 64 bytes. */
  team: string;
  timeout_ms?: number;
}

/** Vectors that are to be deleted there, until that was said to it. */
const GONE = "CREATE TABLE IF NOT EXISTS lesson_gone (vector TEXT PRIMARY KEY) WITHOUT ROWID";

/** Vectors of another embedder, or of an older version, are not compared with this one's. */
function conditions(
  embedder: string,
  { project, category, status }: LessonFilter,
): VectorizeVectorMetadataFilter {
  const filter: VectorizeVectorMetadataFilter = { embedder };
  if (project !== undefined) filter["reach"] = { $in: [project, TEAM] };
  if (category !== undefined) filter["category"] = { $in: [...category] };
  if (status !== undefined) filter["status"] = { $in: [...status] };
  return JSON.stringify(filter).length <= MAX_FILTER_CHARS ? filter : { embedder };
}

/** Stands for "every project of the team"; no project id looks like it. */
const TEAM = "*";

export function openVectorizeIndex({
  sql,
  embedder,
  store,
  team,
  timeout_ms = TIMEOUT_MS,
}: VectorizeOptions): LessonIndex {
  const rows = new LessonRows(sql, true);
  sql.exec(GONE);
  /** 64 characters, all that an id there may have; two teams' lessons of one id are two vectors. */
  const vectorId = (id: string) => hash("sha256", `${team}\0${id}`, "hex");
  const rowOf = new Map([...rows.allowed(undefined)].map((row) => [vectorId(rows.id(row) ?? ""), row]));
  const waitFor = <T>(work: Promise<T>) => within(work, timeout_ms, "Vectorize");

  function report(cause: unknown): null {
    console.warn(`the index of lessons is incomplete: ${String(cause)}`);
    return null;
  }

  /** Those that cannot be made or sent now stay waiting. */
  async function fill(waiting: readonly Waiting[]): Promise<void> {
    for (let from = 0; from < waiting.length; from += MAX_WRITE) {
      const some = waiting.slice(from, from + MAX_WRITE);
      const made = await embedAll(
        embedder,
        some.map(({ text }) => text),
      );
      if (made === null) return;
      const vectors = some.flatMap((lesson, n): VectorizeVector[] => {
        const id = rows.id(lesson.row);
        const marks = rows.marks(lesson.row);
        const values = made[n];
        if (id === undefined || marks === undefined || !values || !rows.isCurrent(lesson)) return [];
        const { project, scope, category, status } = marks;
        const reach = scope === "team" ? TEAM : project;
        return [
          {
            id: vectorId(id),
            namespace: team,
            values,
            metadata: { embedder: embedder.version, reach, category, status },
          },
        ];
      });
      try {
        if (vectors.length > 0) await waitFor(store.upsert(vectors));
      } catch (cause) {
        report(cause);
        return;
      }
      for (const lesson of some) rows.embedded(lesson, embedder.version, null);
    }
  }

  /** Says what is gone, as long as it has not been said. */
  async function bury(): Promise<void> {
    const gone = sql.exec<{ vector: string }>("SELECT vector FROM lesson_gone LIMIT ?", MAX_WRITE).toArray();
    if (gone.length === 0) return;
    try {
      await waitFor(store.deleteByIds(gone.map(({ vector }) => vector)));
      for (const { vector } of gone) sql.exec("DELETE FROM lesson_gone WHERE vector = ?", vector);
    } catch (cause) {
      report(cause);
    }
  }

  async function nearest(
    text: string,
    filter: LessonFilter = {},
  ): Promise<(() => Map<number, number>) | null> {
    const made = await embedAll(embedder, [text]);
    if (made === null) return null;
    const [vector] = made;
    if (!vector) return () => new Map();
    try {
      const { matches } = await waitFor(
        store.query(vector, {
          topK: MAX_NEAREST,
          namespace: team,
          filter: conditions(embedder.version, filter),
        }),
      );
      return () =>
        new Map(
          matches.flatMap(({ id, score }) => {
            const row = rowOf.get(id);
            return row === undefined || !rows.allows(filter, row) ? [] : [[row, score] as const];
          }),
        );
    } catch (cause) {
      return report(cause);
    }
  }

  return {
    async upsert(lessons) {
      const changed = lessons.flatMap((lesson) => {
        const row = rows.put(lesson);
        if (row === null) return [];
        const vector = vectorId(lesson.id);
        rowOf.set(vector, row);
        sql.exec("DELETE FROM lesson_gone WHERE vector = ?", vector);
        return rows.unembedded(row);
      });
      await fill(changed);
    },
    async remove(ids) {
      for (const id of ids) {
        if (rows.drop(id) === undefined) continue;
        const vector = vectorId(id);
        rowOf.delete(vector);
        sql.exec("INSERT OR IGNORE INTO lesson_gone (vector) VALUES (?)", vector);
      }
      await bury();
    },
    search: (query) => findLessons({ query, sql, rows, calibration: embedder.calibration, cosines: nearest }),
    async vectors(ids) {
      const known = new Map(ids.filter((id) => rows.row(id) !== undefined).map((id) => [vectorId(id), id]));
      const asked = [...known.keys()];
      const found = new Map<string, Float32Array>();
      try {
        for (let from = 0; from < asked.length; from += MAX_GET)
          for (const { id, values } of await waitFor(store.getByIds(asked.slice(from, from + MAX_GET)))) {
            const lesson = known.get(id);
            if (lesson !== undefined) found.set(lesson, Float32Array.from(values));
          }
      } catch (cause) {
        report(cause);
      }
      return found;
    },
    async reindex(limit) {
      await bury();
      await fill(rows.waiting(embedder.version, limit));
      return rows.left(embedder.version);
    },
  };
}
