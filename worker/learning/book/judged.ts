/**
 * What was held back or ended, after it had to go for want of room: said again, it is what it was (T5).
 *
 *   surplus ─▶ quarantined, or retired? its name and its words are kept, hashed ─▶ destroyed
 *   said again, by that name or in any of those words ─▶ quarantined, or retired, as it was
 *   approved by a person ─▶ forgotten
 */
import { hash } from "node:crypto";
import type { LessonStatus } from "../../../schema/wire/lesson.ts";
import { setStatus, type Kept } from "./kept.ts";
import { MAX_VERDICTS_OF_PROJECT } from "./limits.ts";
import { wordsKey, type Saying } from "./saying.ts";
import type { Place } from "./shelf.ts";

type Worded = Pick<Saying, "headline" | "explanation">;

/** Of one that is about to be destroyed. */
export function keepVerdict(sql: SqlStorage, { pk, kept }: Place): void {
  const { project, name, status, reason } = kept;
  if (status !== "quarantined" && status !== "retired") return;
  for (const sign of signsOf(name, [kept, ...sayingsOf(sql, pk)]))
    sql.exec(
      "INSERT OR REPLACE INTO verdict (project, sign, lesson, status, reason) VALUES (?, ?, ?, ?, ?)",
      ...[project, sign, digest(name), status, reason],
    );
  sql.exec(
    `DELETE FROM verdict WHERE project = ?1 AND id <= (
       SELECT id FROM verdict WHERE project = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`,
    ...[project, MAX_VERDICTS_OF_PROJECT],
  );
}

/** As it was, where it was judged before it had to go. */
export function underVerdict(sql: SqlStorage, kept: Kept): Kept {
  const signs = JSON.stringify(signsOf(kept.name, [kept]));
  const [found] = sql
    .exec<{ status: LessonStatus; reason: string | null }>(
      `SELECT status, reason FROM verdict
       WHERE project = ? AND sign IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1`,
      ...[kept.project, signs],
    )
    .toArray();
  if (found === undefined) return kept;
  const held = setStatus(kept, found.status, found.reason, kept.updated_at);
  return { ...held, scope: "project", wants_team: kept.wants_team || kept.scope === "team" };
}

/** A person decided anew: with all of the words that it went with. */
export function dropVerdict(sql: SqlStorage, { pk, kept }: Place): void {
  const signs = JSON.stringify(signsOf(kept.name, [kept, ...sayingsOf(sql, pk)]));
  sql.exec(
    `DELETE FROM verdict WHERE project = ?1 AND lesson IN (
       SELECT lesson FROM verdict WHERE project = ?1 AND sign IN (SELECT value FROM json_each(?2)))`,
    ...[kept.project, signs],
  );
}

/** Nothing of what a sender wrote can be read from it: his words may have to be forgotten. */
const digest = (text: string): string => hash("sha256", text, "hex").slice(0, 32);

function signsOf(name: string, said: readonly Worded[]): string[] {
  const words = said.map(wordsKey).filter((key) => key !== "");
  return [...new Set([`name ${name}`, ...words.map((key) => `words ${key}`)])].map(digest);
}

function sayingsOf(sql: SqlStorage, pk: number): Saying[] {
  return sql
    .exec<{ says: string }>("SELECT says FROM origin WHERE pk = ?", pk)
    .toArray()
    .map(({ says }) => JSON.parse(says) as Saying);
}
