/**
 * Takes out what a key taught, or what destroyed events said: the lessons that stand in its words, those that rest on
 * its events, and its votes. A lesson that others said too stays, in their words.
 */
import type { SeqRange } from "../../../schema/event/witness.ts";
import type { Lesson } from "../../../schema/wire/lesson.ts";
import { restate } from "./kept.ts";
import type { Saying } from "./saying.ts";
import type { Place, Shelf } from "./shelf.ts";

type Purged = { key_id: string } | { seqs: readonly SeqRange[] };

type Origin = { pk: number; seq: number; key_id: string; keys: string };

/** Answers the lessons that nobody else said. */
export function purge(sql: SqlStorage, shelf: Shelf, project: string, what: Purged): number[] {
  const destroyed: number[] = [];
  for (const [pk, left] of leftOf(sql, project, what)) {
    const place = shelf.at(pk);
    const newest = left.at(-1);
    if (place === null || newest === undefined) destroyed.push(pk);
    else reword(sql, shelf, place, left, newest);
  }
  if ("key_id" in what) unvote(sql, shelf, project, what.key_id);
  return destroyed;
}

/** Of each lesson that it touches the sayings that stay, in order. One pass, and without their words: a book has megabytes of them. */
function leftOf(sql: SqlStorage, project: string, what: Purged): Map<number, number[]> {
  const origins = sql.exec<Origin>(
    `SELECT origin.pk, seq, key_id, keys FROM origin JOIN lesson ON lesson.pk = origin.pk
     WHERE lesson.project = ? ORDER BY origin.pk, seq`,
    project,
  );
  const left = new Map<number, number[]>();
  const touched = new Set<number>();
  for (const origin of origins) {
    const { pk, seq } = origin;
    if (isOf(what, origin)) touched.add(pk);
    else if (left.get(pk)?.push(seq) === undefined) left.set(pk, [seq]);
  }
  return new Map([...touched].map((pk) => [pk, left.get(pk) ?? []]));
}

function isOf(what: Purged, { seq, key_id, keys }: Origin): boolean {
  if ("key_id" in what) return key_id === what.key_id || (JSON.parse(keys) as string[]).includes(what.key_id);
  return what.seqs.some(([first, last]) => seq >= first && seq <= last);
}

function reword(
  sql: SqlStorage,
  shelf: Shelf,
  { pk, kept }: Place,
  left: readonly number[],
  stands: number,
): void {
  sql.exec(`DELETE FROM origin WHERE pk = ? AND seq NOT IN (${left.map(String).join(",")})`, pk);
  sql.exec("UPDATE origin SET stands = seq = ?2 WHERE pk = ?1", pk, stands);
  const sayings = sql
    .exec<{ says: string }>("SELECT says FROM origin WHERE pk = ? ORDER BY seq", pk)
    .toArray();
  const fresh = restate(
    kept,
    sayings.map(({ says }) => JSON.parse(says) as Saying),
  );
  if (fresh !== null) shelf.put({ pk, kept: fresh });
}

/** Its votes on lessons of every project, for they were cast in this one. */
function unvote(sql: SqlStorage, shelf: Shelf, project: string, key_id: string): void {
  const votes = sql
    .exec<{ pk: number; value: number }>(
      "SELECT pk, value FROM vote WHERE project = ? AND key_id = ?",
      project,
      key_id,
    )
    .toArray();
  for (const { pk, value } of votes) {
    const place = shelf.at(pk);
    if (place === null) continue;
    const { helpful, harmful } = place.kept;
    const taken = value > 0 ? { helpful: Math.max(0, helpful - 1) } : { harmful: Math.max(0, harmful - 1) };
    shelf.count(pk, { ...place.kept, ...taken });
  }
  sql.exec("DELETE FROM vote WHERE project = ? AND key_id = ?", project, key_id);
}

/**
 * What is given out, or may be, and stands in the key's words or on its events, or in nobody else's: as its project calls it.
 * What it only repeated stays, or whoever repeats every lesson makes a quarantine of his key empty the book.
 */
export function taughtBy(
  sql: SqlStorage,
  shelf: Shelf,
  project: string,
  key_id: string,
): Pick<Lesson, "id" | "status" | "updated_at">[] {
  const rows = sql
    .exec<{ pk: number }>(
      `SELECT pk FROM (
         SELECT origin.pk, stands,
           origin.key_id = ?2 OR EXISTS (SELECT 1 FROM json_each(origin.keys) WHERE value = ?2) AS is_its
         FROM origin JOIN lesson ON lesson.pk = origin.pk
         WHERE lesson.project = ?1 AND lesson.status IN ('active', 'proposed'))
       GROUP BY pk HAVING min(is_its) = 1 OR max(is_its AND stands) = 1 ORDER BY pk`,
      project,
      key_id,
    )
    .toArray();
  return rows.flatMap(({ pk }) => {
    const kept = shelf.at(pk)?.kept;
    return kept === undefined ? [] : [{ id: kept.name, status: kept.status, updated_at: kept.updated_at }];
  });
}
