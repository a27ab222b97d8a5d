/** The effects of a project's lessons, from what was drawn and what became of the tasks. */
import type { Task } from "../../../schema/state/state.ts";
import type { LessonEffectInfo, LessonEffectsResponse } from "../../../schema/wire/lesson-effect.ts";
import type { DrawnLesson } from "../query/book.ts";
import { effectsOf, type LessonEffect } from "./lift.ts";
import { outcomeOf } from "./task.ts";
import { retiresFor, verdictOf } from "./verdict.ts";

export function tellEffects(drawn: readonly DrawnLesson[], tasks: readonly Task[]): LessonEffectsResponse {
  const outcomes = tasks.map(outcomeOf).filter((outcome) => outcome !== null);
  const closed = new Set(outcomes.map(({ task_id }) => task_id));
  const { overall, lessons, excluded } = effectsOf(drawn, outcomes);
  return {
    overall: told(overall),
    lessons: Array.from(lessons, ([lesson_id, effect]) => ({ lesson_id, ...told(effect) })),
    excluded,
    waiting: drawn.filter(({ task_id }) => !closed.has(task_id)).length,
  };
}

const told = (effect: LessonEffect): LessonEffectInfo => ({ ...effect, verdict: verdictOf(effect) });

/** Active lessons of the project's own that retire by what they do, each with the reason. */
export function retiring(
  drawn: readonly DrawnLesson[],
  tasks: readonly Task[],
): { lesson_id: string; reason: string; tasks: number }[] {
  const active = drawn.filter(({ status, is_own }) => status === "active" && is_own);
  const outcomes = tasks.map(outcomeOf).filter((outcome) => outcome !== null);
  return Array.from(effectsOf(active, outcomes).lessons, ([lesson_id, effect]) => ({
    lesson_id,
    reason: retiresFor(effect),
    tasks: effect.tasks,
  })).flatMap(({ reason, ...one }) => (reason === null ? [] : [{ ...one, reason }]));
}
