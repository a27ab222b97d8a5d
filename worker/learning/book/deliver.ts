/**
 * Hands lessons to a task, once each, and says so in its project's log.
 *
 *   search ─▶ K lessons ─▶ a coin each (withhold.ts) ─┬─▶ given: lesson_retrieved, answered
 *                                                     └─▶ held back: lesson_withheld, not answered
 *
 * The coin is drawn before anything is said, by lesson and task alone, so that a task that asks again gets the same
 * answer. What the log cannot take now is missing for both arms alike (B1). Who went on before the coin was tossed is no
 * part of the trial; after it he is, as one to whom it was to be given, and the lesson does not count as delivered.
 */
import type { AppendPort, OwnEvent } from "../../../schema/event/own.ts";
import type { LessonHit } from "../../../schema/wire/lesson.ts";
import type { DeliverAsk, Delivered } from "../query/book.ts";
import { EXPERIMENT, isWithheld } from "../retrieve/withhold.ts";
import { isFull, noteArrived, noteDrawn, readSides, type Toss } from "./drawn.ts";
import { find } from "./find.ts";
import type { Desk } from "./take.ts";

export const ORGAN = "lessons";

export interface Delivery {
  desk: Desk;
  /** Into the log of the project that asks. */
  append: AppendPort;
  salt: string;
}

export async function deliver({ desk, append, salt }: Delivery, ask: DeliverAsk): Promise<Delivered> {
  const { storage, shelf, index } = desk;
  const { sql } = storage;
  const known = readSides(sql, ask);
  // What came too late was never seen, and is given again.
  const seen = [...known].filter(([, { is_late }]) => !is_late).map(([pk]) => pk);
  const found = await find(index, shelf, ask, new Set(ask.only_new ? seen : []));
  if (isOver(ask)) return { hits: [] };
  const share = isFull(sql, ask.project) ? 0 : ask.withheld_share;
  const tossed = found.hits.flatMap((hit): Toss[] => {
    const place = found.places.get(hit.lesson.id);
    if (place === undefined) return [];
    const lesson = JSON.stringify([place.kept.project, place.kept.name]);
    const coin = isWithheld(salt, lesson, JSON.stringify([ask.project, ask.task]), share);
    return [{ hit, place, is_withheld: known.get(place.pk)?.is_withheld ?? coin }];
  });
  const fresh = tossed.filter(({ place }) => !known.has(place.pk));
  try {
    if (fresh.length > 0) await append(fresh.map((one) => eventOf(one, ask, share)));
    const is_late = isOver(ask);
    storage.transactionSync(() => {
      noteDrawn(desk, ask, fresh, { share, is_late });
      if (!is_late) noteArrived(desk, ask, tossed);
    });
  } catch (error) {
    console.error("what was handed over could not be said in the log", error);
  }
  return { hits: tossed.filter(({ is_withheld }) => !is_withheld).map(({ hit }) => hit) };
}

/** Nobody waits for the answer any more. */
const isOver = ({ until_ms }: DeliverAsk): boolean => until_ms !== null && Date.now() > until_ms;

function eventOf({ hit, place, is_withheld }: Toss, ask: DeliverAsk, share: number): OwnEvent {
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
    metrics: { ...metricsOf(hit), share },
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
