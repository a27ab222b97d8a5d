/** The effects of a project's lessons, from what was drawn and what became of the tasks. */
import type { LessonEffectInfo, LessonEffectsResponse } from "../../../schema/wire/lesson-effect.ts";
import type { Drawn, DrawnLesson } from "../query/book.ts";
import { SESSION_KIND } from "../query/session.ts";
import type { KnownTasks } from "./known.ts";
import { effectsOf, type LessonEffect, type Outcomes } from "./lift.ts";
import { outcomeOf } from "./task.ts";
import { retiresFor, verdictOf } from "./verdict.ts";

export function tellEffects(
  { draws, is_full }: Drawn,
  tasks: KnownTasks,
  now_ms: number,
): LessonEffectsResponse {
  const { overall, lessons, excluded } = effectsOf(draws, outcomesOf(draws, tasks), now_ms);
  const told = Array.from(lessons, ([lesson_id, effect]) => ({ lesson_id, ...tell(effect) }));
  const waiting = told.reduce((sum, one) => sum + one.waiting, 0);
  return { overall: tell(overall), lessons: told, excluded, waiting, is_full };
}

function tell({ span_ms: _span, ...effect }: LessonEffect): LessonEffectInfo {
  return { ...effect, verdict: verdictOf(effect) };
}

/** A lesson that what it does speaks against. */
export interface Against {
  lesson_id: string;
  reason: string;
  /** That speak. */
  tasks: number;
  /** A person taught or approved it, or the team shares it: it stays until one says otherwise (T5). */
  is_decided: boolean;
}

/** Active lessons of the project's own that retire by what they do, or would, each with the reason. */
export function retiring({ draws }: Pick<Drawn, "draws">, tasks: KnownTasks, now_ms: number): Against[] {
  const active = draws.filter(({ status, is_own }) => status === "active" && is_own);
  const decided = new Set(active.flatMap(({ lesson_id, is_decided }) => (is_decided ? [lesson_id] : [])));
  return Array.from(effectsOf(active, outcomesOf(active, tasks), now_ms).lessons, ([lesson_id, effect]) => ({
    lesson_id,
    reason: retiresFor(effect),
    tasks: effect.tasks,
    is_decided: decided.has(lesson_id),
  })).flatMap(({ reason, ...one }) => (reason === null ? [] : [{ ...one, reason }]));
}

function outcomesOf(draws: readonly DrawnLesson[], tasks: KnownTasks): Outcomes {
  const ids = new Set(draws.map(({ task_id }) => task_id));
  return new Map(
    [...ids].flatMap((id) => {
      const task = tasks.get(id);
      const has_end = task?.kind !== SESSION_KIND;
      return task === undefined ? [] : [[id, task && has_end ? outcomeOf(task) : null] as const];
    }),
  );
}
