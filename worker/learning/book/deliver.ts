/**
 * Hands lessons to a task, once each, and says so in its project's log.
 *
 *   search ─▶ K lessons ─▶ a coin each (withhold.ts) ─┬─▶ given: lesson_retrieved, answered
 *                                                     └─▶ held back: lesson_withheld, not answered
 *
 * The coin is drawn before anything is said, by lesson and task alone, so that a task that asks again gets the same
 * answer. What the log cannot take now is missing for both arms alike (B1).
 */
import type { AppendPort, OwnEvent } from "../../../schema/event/own.ts";
import type { LessonHit } from "../../../schema/wire/lesson.ts";
import type { DeliverAsk, Delivered } from "../query/book.ts";
import { EXPERIMENT, isWithheld } from "../retrieve/withhold.ts";
import { find } from "./find.ts";
import { MAX_DELIVERIES } from "./limits.ts";
import type { Place, Shelf } from "./shelf.ts";
import type { Desk } from "./take.ts";

export const ORGAN = "lessons";

export interface Delivery {
  desk: Desk;
  /** Into the log of the project that asks. */
  append: AppendPort;
  salt: string;
}

interface Drawn {
  hit: LessonHit;
  place: Place;
  is_withheld: boolean;
}

export async function deliver({ desk, append, salt }: Delivery, ask: DeliverAsk): Promise<Delivered> {
  const { storage, shelf, index } = desk;
  const told = readTold(storage.sql, ask);
  const leave_out = ask.only_new ? new Set(told.keys()) : new Set<number>();
  const found = await find(index, shelf, ask, leave_out);
  const drawn = found.hits.flatMap((hit): Drawn[] => {
    const place = found.places.get(hit.lesson.id);
    if (place === undefined) return [];
    const lesson = JSON.stringify([place.kept.project, place.kept.name]);
    const coin = isWithheld(salt, lesson, JSON.stringify([ask.project, ask.task]), ask.withheld_share);
    return [{ hit, place, is_withheld: told.get(place.pk) ?? coin }];
  });
  const fresh = drawn.filter(({ place }) => !told.has(place.pk));
  if (fresh.length > 0) {
    try {
      await append(fresh.map((one) => eventOf(one, ask)));
      storage.transactionSync(() => note(storage.sql, shelf, ask, fresh));
    } catch (error) {
      console.error("what was handed over could not be said in the log", error);
    }
  }
  return { hits: drawn.filter(({ is_withheld }) => !is_withheld).map(({ hit }) => hit) };
}

/** What this task was given, and what was held back from it. */
function readTold(sql: SqlStorage, { project, task }: DeliverAsk): Map<number, boolean> {
  const rows = sql
    .exec<{ pk: number; is_withheld: number }>(
      "SELECT pk, is_withheld FROM delivery WHERE project = ? AND task = ?",
      project,
      task,
    )
    .toArray();
  return new Map(rows.map(({ pk, is_withheld }) => [pk, is_withheld === 1]));
}

function note(
  sql: SqlStorage,
  shelf: Shelf,
  { project, task, now_ms, withheld_share }: DeliverAsk,
  fresh: readonly Drawn[],
): void {
  for (const { place, is_withheld } of fresh) {
    const { rowsWritten } = sql.exec(
      "INSERT OR IGNORE INTO delivery (project, task, pk, is_withheld, at_ms, share) VALUES (?, ?, ?, ?, ?, ?)",
      ...[project, task, place.pk, Number(is_withheld), now_ms, withheld_share],
    );
    // Read anew: it may have been changed while the log was written.
    const now = shelf.at(place.pk);
    if (rowsWritten === 0 || now === null) continue;
    const counter = is_withheld ? "withheld" : "delivered";
    shelf.count(place.pk, { ...now.kept, [counter]: now.kept[counter] + 1 });
  }
  sql.exec(
    "DELETE FROM delivery WHERE at_ms <= (SELECT at_ms FROM delivery ORDER BY at_ms DESC LIMIT 1 OFFSET ?)",
    MAX_DELIVERIES,
  );
}

function eventOf({ hit, place, is_withheld }: Drawn, ask: DeliverAsk): OwnEvent {
  const { task, via, now_ms, feature } = ask;
  const event_type = is_withheld ? "lesson_withheld" : "lesson_retrieved";
  return {
    organ: ORGAN,
    cause: [event_type, EXPERIMENT, place.kept.project, place.kept.name, task],
    event_type,
    timestamp: new Date(now_ms).toISOString(),
    task_id: task,
    ...(feature === null ? {} : { feature_id: feature }),
    metadata: {
      ...{ lesson_id: hit.lesson.id, via, experiment: EXPERIMENT },
      ...(is_withheld ? { reason: "held back by chance, to measure what lessons do" } : {}),
    },
    metrics: { ...metricsOf(hit), share: ask.withheld_share },
  };
}

/** Of an explicit search: nothing is held back, but what it found was not given by chance. */
export function searchedEvents(
  hits: readonly LessonHit[],
  { task, feature, via, now_ms }: { task: string; feature: string | null; via: string; now_ms: number },
): OwnEvent[] {
  return hits.map((hit) => ({
    organ: ORGAN,
    cause: ["searched", hit.lesson.project, hit.lesson.id, task],
    event_type: "lesson_retrieved",
    timestamp: new Date(now_ms).toISOString(),
    task_id: task,
    ...(feature === null ? {} : { feature_id: feature }),
    metadata: { lesson_id: hit.lesson.id, via },
    metrics: metricsOf(hit),
  }));
}

function metricsOf({
  rank,
  score,
  recency,
  importance,
  relevance,
  tokens,
}: LessonHit): Record<string, number> {
  return { rank, score, recency, importance, relevance, tokens };
}
