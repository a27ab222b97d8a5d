/**
 * What an index of lessons does. One index holds one team's lessons and knows no other, so that no
 * search crosses a team by construction; `filter` narrows within the team.
 *
 * Two implementations, one contract suite (test/contract/lesson-index): `embedded.ts` keeps words
 * and vectors in the caller's SQLite, `vectorize.ts` keeps the vectors at Cloudflare and the words here.
 *
 * Every call may be repeated (B2): lessons are kept by id, and the last `upsert` counts.
 */

export interface IndexedLesson {
  /** 1–128 characters. */
  id: string;
  /** What is searched: headline, explanation, context, tags, joined by line breaks. Any length; what is beyond MAX_INDEXED_CHARS is not searched. */
  text: string;
  /** Where it was learned. */
  project: string;
  /** Who finds it: that project alone, or every project of the team. */
  scope: "project" | "team";
  category: string;
  tags: readonly string[];
  status: string;
}

/** Each part that is given must hold; an empty list lets nothing through. */
export interface LessonFilter {
  /** Those of this project's own, and those of the whole team. Absent: all that the team has. */
  project?: string;
  category?: readonly string[];
  /** One of them at least. */
  tags?: readonly string[];
  status?: readonly string[];
}

export interface LessonQuery {
  /** What to look for, in words. Any length; empty finds nothing. */
  text: string;
  /** Hits at most, 1–MAX_HITS. */
  k: number;
  filter?: LessonFilter;
  /** "words" leaves the embedder out: the better choice where the query is a long text of its own. Default "both". */
  by?: "both" | "words";
}

export interface IndexHit {
  id: string;
  /** 0–1: `α · cosine + (1 − α) · lexical`, held within the bounds. Hits come with the greatest first. */
  relevance: number;
  /** −1–1, or null where the embedder or its index did not answer, or the lesson has no vector yet. */
  cosine: number | null;
  /** Share of what the query's words could weigh, 0–1; 0: no word in common. */
  lexical: number;
  /** Words of the lesson, in lower case, that the query says too in some form: why it was found. */
  terms: string[];
}

export interface Found {
  hits: IndexHit[];
  /** Weight of the cosine in this search, 0–1; 0 where only words counted. */
  alpha: number;
  /** False: the embedder or its index did not answer, and words alone were searched. */
  semantic: boolean;
}

export interface LessonIndex {
  /** Adds lessons, or replaces those of the same id. A lesson whose vector cannot be made now is found by its words, and waits for `reindex`. */
  upsert(lessons: readonly IndexedLesson[]): Promise<void>;
  /** Unknown ids are no error. */
  remove(ids: readonly string[]): Promise<void>;
  search(query: LessonQuery): Promise<Found>;
  /** Unit vectors of those that have one, for telling twins apart: their dot product is the cosine. */
  vectors(ids: readonly string[]): Promise<Map<string, Float32Array>>;
  /** Makes up to `limit` missing vectors, or vectors of another embedder or version; answers how many are left. */
  reindex(limit: number): Promise<number>;
}

/** Rows of one statement, as `SqlStorage.exec` of a Durable Object gives them. */
export interface SqlRows<Row> {
  toArray(): Row[];
}

export type SqlValue = string | number | null | ArrayBuffer;

/** The part of a Durable Object's `storage.sql` that an index needs; node:sqlite satisfies it with three lines. */
export interface Sql {
  exec<Row extends Record<string, SqlValue>>(statement: string, ...values: SqlValue[]): SqlRows<Row>;
}

export interface Calibration {
  /** The cosine of two texts that have nothing to do with each other; it counts as 0. */
  readonly floor: number;
  /** α where no lesson shares a word with the query. */
  readonly highest: number;
  /** α where some lesson shares most of the query's words. */
  readonly lowest: number;
}

/** Texts into vectors. Name and version stand with each vector: vectors of two embedders never meet. */
export interface Embedder {
  /** `<name>@<version>`. */
  readonly version: string;
  readonly dimensions: number;
  /** How its cosines are read beside words (rank/fuse.ts): each embedder's are on a scale of their own. */
  readonly calibration: Calibration;
  /** One unit vector per text, or null where a text holds nothing that it knows. Rejects when it is down. */
  embed(texts: readonly string[]): Promise<(Float32Array | null)[]>;
}

/** 8,000 characters ≈ 2,000 tokens: more than any lesson should say, and what a search can afford to read per lesson. */
export const MAX_INDEXED_CHARS = 8_000;
/** Vectorize answers at most 100 per query. */
export const MAX_HITS = 100;
