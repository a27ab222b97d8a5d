/** Lessons in the book's tables: found by name and by words, written whole. */
import type { IndexedLesson } from "../index/contract.ts";
import { forgetEffects } from "./effect-rows.ts";
import { indexText, type Kept } from "./kept.ts";
import { MAX_NAMES_OF_LESSON, MAX_ORIGINS } from "./limits.ts";
import { wordsKey, type Saying } from "./saying.ts";

export interface Place {
  pk: number;
  kept: Kept;
}

type LessonRow = { pk: number; kept: string };

/** A lesson of another project, as this one calls it. */
const FOREIGN = /^(p[a-z0-9]{15})\.([^]+)$/;

export class Shelf {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  at(pk: number): Place | null {
    return this.#one("SELECT pk, kept FROM lesson WHERE pk = ?", pk);
  }

  /** By what a project calls it: its own first, whatever the name looks like. */
  find(project: string, id: string): Place | null {
    const own = this.#named(project, id);
    if (own !== null) return own;
    const [, home, name] = FOREIGN.exec(id) ?? [];
    if (home === undefined || name === undefined || home === project) return null;
    const found = this.#named(home, name);
    return found?.kept.scope === "team" && found.kept.status === "active" ? found : null;
  }

  /** Said in the same words, whatever became of it: who was retired does not come back by being said again. */
  twin(project: string, saying: Saying): Place | null {
    const words = wordsKey(saying);
    if (words === "") return null;
    return this.#one("SELECT pk, kept FROM lesson WHERE project = ? AND words = ? LIMIT 1", project, words);
  }

  /** A new one, under its name. Its words wait for the index. */
  add(kept: Kept): number {
    const { pk } = this.#sql
      .exec<{ pk: number }>(
        `INSERT INTO lesson (project, words, status, scope, importance, used_ms, is_waiting, kept)
         VALUES (?, ?, ?, ?, ?, ?, 1, ?) RETURNING pk`,
        ...this.#columns(kept),
      )
      .one();
    const [seq = 0] = kept.provenance.seqs;
    this.name(kept.project, kept.name, { pk, seq });
    return pk;
  }

  put({ pk, kept }: Place): void {
    this.#sql.exec(
      `UPDATE lesson SET project = ?, words = ?, status = ?, scope = ?, importance = ?, used_ms = ?, is_waiting = 1, kept = ?
       WHERE pk = ?`,
      ...this.#columns(kept),
      pk,
    );
  }

  /** Counters alone: the index has nothing to learn. */
  count(pk: number, kept: Kept): void {
    this.#sql.exec(
      "UPDATE lesson SET used_ms = ?, kept = ? WHERE pk = ?",
      kept.used_at,
      JSON.stringify(kept),
      pk,
    );
  }

  /** @param seq of the event that called it so. The oldest names are forgotten, and never its own. */
  name(project: string, name: string, { pk, seq }: { pk: number; seq: number }): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO named (project, name, pk, seq) VALUES (?, ?, ?, ?)",
      ...[project, name, pk, seq],
    );
    this.#sql.exec(
      `DELETE FROM named WHERE pk = ?1
         AND name NOT IN (SELECT name FROM named WHERE pk = ?1 ORDER BY seq DESC LIMIT ?2)
         AND name <> (SELECT json_extract(kept, '$.name') FROM lesson WHERE pk = ?1)`,
      ...[pk, MAX_NAMES_OF_LESSON],
    );
  }

  /** The newest sayings are kept, and always the one whose words stand, and the first: who taught it. */
  say(pk: number, saying: Saying, keys: readonly string[], stands: boolean): void {
    if (stands) this.#sql.exec("UPDATE origin SET stands = 0 WHERE pk = ?", pk);
    this.#sql.exec(
      "INSERT OR REPLACE INTO origin (pk, seq, key_id, keys, stands, says) VALUES (?, ?, ?, ?, ?, ?)",
      ...[pk, saying.seq, saying.key_id ?? "", JSON.stringify(keys), Number(stands), JSON.stringify(saying)],
    );
    this.#sql.exec(
      `DELETE FROM origin WHERE pk = ?1 AND stands = 0
         AND seq NOT IN (SELECT seq FROM origin WHERE pk = ?1 ORDER BY seq DESC LIMIT ?2)
         AND seq > (SELECT min(seq) FROM origin WHERE pk = ?1)`,
      pk,
      MAX_ORIGINS,
    );
  }

  destroy(pk: number): void {
    forgetEffects(this.#sql, pk);
    for (const table of ["lesson", "named", "origin", "vote", "delivery"])
      this.#sql.exec(`DELETE FROM ${table} WHERE pk = ?`, pk);
  }

  /** What the index has not taken yet. */
  waiting(limit: number): Place[] {
    return this.#all("SELECT pk, kept FROM lesson WHERE is_waiting = 1 ORDER BY pk LIMIT ?", limit);
  }

  /** Unless it was changed since. */
  taken({ pk, kept }: Place): void {
    this.#sql.exec("UPDATE lesson SET is_waiting = 0 WHERE pk = ? AND kept = ?", pk, JSON.stringify(kept));
  }

  /** The newest first, of the project and of the whole team. */
  before(project: string, pk: number, limit: number): Place[] {
    return this.#all(
      `SELECT pk, kept FROM lesson
       WHERE pk < ? AND (project = ? OR (scope = 'team' AND status = 'active')) ORDER BY pk DESC LIMIT ?`,
      pk,
      project,
      limit,
    );
  }

  #named(project: string, name: string): Place | null {
    return this.#one(
      "SELECT lesson.pk, kept FROM named JOIN lesson ON lesson.pk = named.pk WHERE named.project = ? AND named.name = ?",
      project,
      name,
    );
  }

  #columns(kept: Kept): (string | number)[] {
    const { project, status, scope, importance, used_at } = kept;
    return [project, wordsKey(kept), status, scope, importance, used_at, JSON.stringify(kept)];
  }

  #one(statement: string, ...values: (string | number)[]): Place | null {
    return this.#all(statement, ...values)[0] ?? null;
  }

  #all(statement: string, ...values: (string | number)[]): Place[] {
    return this.#sql
      .exec<LessonRow>(statement, ...values)
      .toArray()
      .map(({ pk, kept }) => ({ pk, kept: JSON.parse(kept) as Kept }));
  }
}

export function indexed({ pk, kept }: Place): IndexedLesson {
  const { project, scope, category, tags, status } = kept;
  return { id: String(pk), text: indexText(kept), project, scope, category, tags, status };
}
