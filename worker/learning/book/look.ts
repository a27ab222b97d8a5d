/**
 * What lessons do, by the book's draws, told from what is kept:
 *
 *   ends of tasks ─▶ into the rows of their draws, once and for good ─▶ lessons whose draws changed ─▶ computed anew
 *                                                                      └ all others ─▶ as they were told before
 *
 * A look costs what changed since the last one: bounds are computed anew where a trial was added alone, so many in one turn
 * (TOLD_AT_ONCE) and the rest in the next.
 */
import type { Against, Look, Looked } from "../query/book.ts";
import { effectOfTasks, MAX_TRIALS, type LessonEffect } from "../effect/lift.ts";
import { endOf, type End } from "../effect/outcome.ts";
import { isOneKeys, type KeyedTask } from "../effect/one-key.ts";
import { tellEffect } from "../effect/tell.ts";
import { retiresFor } from "../effect/verdict.ts";
import { mayAlone } from "./alone.ts";
import { isFull } from "./drawn.ts";
import { noteChanged, OVERALL } from "./effect-rows.ts";
import { isDecided, seenBy } from "./kept.ts";
import { MAX_DRAWS_OF_PROJECT, TOLD_AT_ONCE } from "./limits.ts";
import type { Desk } from "./take.ts";

/** Turns that tell all that a project may have drawn, and one more for what came meanwhile. */
const MOST_TURNS = Math.ceil((MAX_DRAWS_OF_PROJECT + MAX_TRIALS) / TOLD_AT_ONCE) + 1;

export async function look(desk: Desk, ask: Look): Promise<Looked> {
  const { storage } = desk;
  storage.transactionSync(() => keepEnds(storage.sql, ask));
  // Between two turns others are served (B1).
  for (let turn = 1; turn < MOST_TURNS; turn++) {
    if (storage.transactionSync(() => tellStale(storage.sql, ask.project)) === 0) break;
    await scheduler.wait(0);
  }
  return storage.transactionSync(() => tell(desk, ask));
}

function keepEnds(sql: SqlStorage, { project, ends, now_ms }: Look): void {
  for (const [task, outcome] of ends) {
    for (const { pk, at_ms } of openOf(sql, project, task)) {
      const end = endOf(outcome, at_ms, now_ms);
      if (end !== null) keep(sql, { project, task, pk }, end);
    }
  }
}

function tell({ storage: { sql }, shelf }: Desk, { project }: Look): Looked {
  const effects = toldOf(sql, project);
  const overall = effects.get(OVERALL) ?? effectOfTasks([]);
  const lessons: Looked["effects"]["lessons"] = [];
  const against: Against[] = [];
  let [lost, waiting] = [0, 0];
  for (const [pk, effect] of effects) {
    const place = pk === OVERALL ? null : shelf.at(pk);
    const lesson = place && seenBy(project, place.kept);
    if (place === null || lesson === null) continue;
    lessons.push({ lesson_id: lesson.id, ...tellEffect(effect) });
    lost += effect.lost;
    waiting += effect.waiting;
    const is_own = place.kept.project === project;
    const reason = is_own && lesson.status === "active" ? retiresFor(effect) : null;
    if (reason === null) continue;
    const is_decided = isDecided(place.kept);
    const is_one_keys = !is_decided && oneKeysOf(sql, project, pk);
    against.push({ lesson_id: lesson.id, reason, tasks: effect.tasks, is_decided, is_one_keys });
  }
  const excluded = lost + givenOf(sql, project);
  const is_full = isFull(sql, project);
  return { effects: { overall: tellEffect(overall), lessons, excluded, waiting, is_full }, against };
}

function openOf(sql: SqlStorage, project: string, task: string): { pk: number; at_ms: number }[] {
  return sql
    .exec<{
      pk: number;
      at_ms: number;
    }>(
      "SELECT pk, at_ms FROM delivery WHERE project = ? AND task = ? AND share > 0 AND outcome IS NULL",
      project,
      task,
    )
    .toArray();
}

function keep(
  sql: SqlStorage,
  { project, task, pk }: { project: string; task: string; pk: number },
  end: End,
): void {
  sql.exec(
    "UPDATE delivery SET outcome = ? WHERE project = ? AND task = ? AND pk = ?",
    ...[JSON.stringify(end), project, task, pk],
  );
  noteChanged(sql, project, pk);
}

/** Of one turn. Answers how many lessons are left for the next. */
export function tellStale(sql: SqlStorage, project: string): number {
  const stale = sql
    .exec<{
      pk: number;
    }>("SELECT pk FROM effect WHERE project = ? AND (is_stale = 1 OR told IS NULL) ORDER BY pk", project)
    .toArray();
  let [done, trials] = [0, 0];
  for (const { pk } of stale) {
    if (trials >= TOLD_AT_ONCE) break;
    const drawn = drawnFor(sql, project, pk);
    trials += drawn.length;
    tellAnew(sql, { project, pk, told: toldBefore(sql, project, pk), drawn });
    done++;
  }
  return stale.length - done;
}

function toldBefore(sql: SqlStorage, project: string, pk: number): string | null {
  return sql
    .exec<{ told: string | null }>("SELECT told FROM effect WHERE project = ? AND pk = ?", project, pk)
    .one().told;
}

function tellAnew(
  sql: SqlStorage,
  { project, pk, told, drawn }: { project: string; pk: number; told: string | null; drawn: KeyedTask[] },
): LessonEffect {
  const effect = effectOfTasks(drawn, told === null ? null : (JSON.parse(told) as LessonEffect));
  sql.exec(
    "UPDATE effect SET is_stale = 0, told = ?, one_key = NULL WHERE project = ? AND pk = ?",
    ...[JSON.stringify(effect), project, pk],
  );
  return effect;
}

/** By the lesson's key; what came between the turns is told anew. */
function toldOf(sql: SqlStorage, project: string): Map<number, LessonEffect> {
  const rows = sql
    .exec<{
      pk: number;
      is_stale: number;
      told: string | null;
    }>("SELECT pk, is_stale, told FROM effect WHERE project = ? ORDER BY pk", project)
    .toArray();
  return new Map(
    rows.map(({ pk, is_stale, told }) => [
      pk,
      is_stale === 0 && told !== null
        ? (JSON.parse(told) as LessonEffect)
        : tellAnew(sql, { project, pk, told, drawn: drawnFor(sql, project, pk) }),
    ]),
  );
}

/** Kept beside the bounds: it takes some of each key's own, at every look at a lesson that stays for it. */
function oneKeysOf(sql: SqlStorage, project: string, pk: number): boolean {
  const may_alone = mayAlone(sql, project, pk);
  const told = (is_one_keys: boolean) => JSON.stringify({ may_alone: [...may_alone].sort(), is_one_keys });
  const before = sql
    .exec<{
      one_key: string | null;
    }>("SELECT one_key FROM effect WHERE project = ? AND pk = ?", project, pk)
    .toArray()[0]?.one_key;
  for (const known of [true, false]) if (before === told(known)) return known;
  const is_one_keys = isOneKeys(drawnFor(sql, project, pk), may_alone);
  sql.exec("UPDATE effect SET one_key = ? WHERE project = ? AND pk = ?", ...[told(is_one_keys), project, pk]);
  return is_one_keys;
}

type Row = {
  task: string;
  is_withheld: number;
  share: number;
  at_ms: number;
  is_late: number;
  searched_ms: number | null;
  key_id: string;
  outcome: string | null;
};
const COLUMNS = "task, is_withheld, share, at_ms, is_late, searched_ms, key_id, outcome";

/** In the order of the draws. */
function drawnFor(sql: SqlStorage, project: string, pk: number): KeyedTask[] {
  const rows =
    pk === OVERALL
      ? sql.exec<Row>(
          `SELECT ${COLUMNS} FROM delivery WHERE project = ? AND is_best = 1 ORDER BY at_ms, task LIMIT ?`,
          ...[project, MAX_TRIALS],
        )
      : sql.exec<Row>(
          `SELECT ${COLUMNS} FROM delivery WHERE project = ? AND pk = ? AND share > 0 ORDER BY at_ms, task LIMIT ?`,
          ...[project, pk, MAX_TRIALS],
        );
  return rows.toArray().map(({ task, is_withheld, share, at_ms, is_late, searched_ms, key_id, outcome }) => ({
    ...{ task_id: task, withheld: is_withheld === 1, share, at_ms, late: is_late === 1 },
    ...{ searched: searched_ms !== null, key_id },
    end: outcome === null ? null : (JSON.parse(outcome) as End),
  }));
}

/** Handed over without a coin, in rows. */
function givenOf(sql: SqlStorage, project: string): number {
  return sql
    .exec<{ n: number }>("SELECT count(*) AS n FROM delivery WHERE project = ? AND share = 0", project)
    .one().n;
}
