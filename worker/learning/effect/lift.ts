/**
 * What lessons do, by intention to treat: a task counts where the draw put it, whatever the agent then did with what it
 * was handed, or found by itself.
 *
 *   draws of one lesson, in the order of the coin ─▶ those whose outcome is known, up to the first whose is not ─▶ bounds
 *
 * **The order is that of the draws, and nothing is skipped.** Tasks in the order in which they end would not do: where a
 * lesson makes work faster, the tasks that ended so far are no longer those that the coin picked, and one that changes no
 * outcome looks as if it did. In the order of the draws each coin is new to all that stands before it, and the bounds of
 * all prefixes hold together (sequence.ts), so that it does not matter that outcomes say how long a prefix is. The price is
 * that one open task holds up those after it, for OUTCOME_HORIZON_MS at most.
 *
 * **A search.** Who searched for himself before the draw had the lesson already: no coin is tossed for him. Who searched
 * after it stays in his arm and is counted (`searched`): whom nothing was given searches more, and most where the work is
 * hard, so leaving him out would make the control look better than it is. Kept, he can only draw the effect towards 0.
 *
 * Rounds, tokens and time are known of those tasks alone that were reviewed, called a model or finished, which a lesson may
 * change too: they are told, and decide nothing (verdict.ts).
 */
import { EFFECT_MEASURES, type EffectMeasure, type Lift } from "../../../schema/wire/lesson-effect.ts";
import type { DrawnLesson } from "../query/book.ts";
import { liftOf, OutcomeScale, OUTCOME_HORIZON_MS, SCALES, successOf, type TaskOutcome } from "./outcome.ts";
import { effectOf, type Trial } from "./sequence.ts";

/** One draw: a lesson that fitted a task was handed over, or withheld. */
export type Draw = Omit<DrawnLesson, "status" | "is_own" | "is_decided">;

/** By task id. Null: nobody knows such a task any more; none: it was not looked up, and waits. */
export type Outcomes = ReadonlyMap<string, TaskOutcome | null>;

/**
 * Tasks of one lesson that are read, the oldest first: more add nothing that is shown, and leaving out the newest ones keeps
 * the promise of the sequence, which leaving out the oldest would break.
 */
export const MAX_TRIALS = 5_000;

export interface LessonEffect {
  /** Tasks that count. */
  tasks: number;
  /** ms from the first of their draws to the last. */
  span_ms: number;
  /** Of those that it was to be handed to: where an answer went out in time. */
  delivered: number;
  /** Of those that it was held back from: where a search found it. */
  searched: number;
  /** Draws after the first one whose outcome is open, and it. */
  waiting: number;
  lifts: Readonly<Record<EffectMeasure, Lift>>;
}

export interface Effects {
  /** Of the lesson that ranked best when a task first asked. */
  overall: LessonEffect;
  lessons: ReadonlyMap<string, LessonEffect>;
  /** Draws whose chance was none, and those whose task nobody knows any more: nothing can be compared with them. */
  excluded: number;
}

/** In whatever order. A second draw for the same lesson and task is the first one told again. */
export function effectsOf(draws: readonly Draw[], outcomes: Outcomes, now_ms: number): Effects {
  const ordered = draws.toSorted(byDraw);
  const lessons = new Map<string, Map<string, Draw>>();
  // The draws of one task share its outcome, and are no more evidence than one. What ranked best is known before its coin.
  const best = new Map<string, Draw>();
  let excluded = 0;
  for (const draw of ordered) {
    const is_lost = outcomes.get(draw.task_id) === null && now_ms - draw.at_ms > OUTCOME_HORIZON_MS;
    if (is_lost || !(draw.share > 0 && draw.share < 1)) {
      excluded++;
      continue;
    }
    const of_lesson = lessons.get(draw.lesson_id) ?? new Map<string, Draw>();
    lessons.set(draw.lesson_id, of_lesson);
    if (!of_lesson.has(draw.task_id)) of_lesson.set(draw.task_id, draw);
    if (!best.has(draw.task_id)) best.set(draw.task_id, draw);
  }
  const effect = (of: ReadonlyMap<string, Draw>) => effectOfDraws([...of.values()], outcomes, now_ms);
  return {
    overall: effect(best),
    lessons: new Map(Array.from(lessons, ([id, of_lesson]) => [id, effect(of_lesson)])),
    excluded,
  };
}

function byDraw(a: Draw, b: Draw): number {
  if (a.at_ms !== b.at_ms) return a.at_ms - b.at_ms;
  if (a.task_id !== b.task_id) return a.task_id < b.task_id ? -1 : 1;
  return (a.rank ?? Infinity) === (b.rank ?? Infinity) ? 0 : (a.rank ?? Infinity) - (b.rank ?? Infinity);
}

function effectOfDraws(draws: readonly Draw[], outcomes: Outcomes, now_ms: number): LessonEffect {
  const trials: Record<EffectMeasure, Trial[]> = { success: [], cycles: [], tokens: [], work: [] };
  const scale = new OutcomeScale();
  let [tasks, delivered, searched] = [0, 0, 0];
  const first_ms = draws[0]?.at_ms ?? 0;
  let last_ms = first_ms;
  for (const draw of draws.slice(0, MAX_TRIALS)) {
    const outcome = outcomes.get(draw.task_id) ?? null;
    const success = outcome === null ? null : successOf(outcome, draw.at_ms, now_ms);
    if (outcome === null || success === null) break;
    tasks++;
    last_ms = draw.at_ms;
    if (draw.withheld) searched += Number(draw.searched);
    else delivered += Number(!draw.late);
    const told = scale.place(outcome, success);
    for (const measure of EFFECT_MEASURES) {
      const outcome = told[measure];
      if (outcome !== null) trials[measure].push({ withheld: draw.withheld, share: draw.share, outcome });
    }
  }
  const lift = (measure: EffectMeasure) => liftOf(measure, effectOf(trials[measure], SCALES[measure]));
  return {
    ...{ tasks, span_ms: last_ms - first_ms },
    ...{ delivered, searched, waiting: Math.min(draws.length, MAX_TRIALS) - tasks },
    lifts: { success: lift("success"), cycles: lift("cycles"), tokens: lift("tokens"), work: lift("work") },
  };
}
