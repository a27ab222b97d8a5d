/**
 * What lessons do, by intention to treat: a task counts where the draw put it, whatever the agent then did with what it
 * was handed. Success is compared over all tasks that closed. Rounds, tokens and time are known of those alone that were
 * reviewed, called a model or finished, which a lesson may change too: they are told, and decide nothing (verdict.ts).
 */
import { EFFECT_MEASURES, type EffectMeasure, type Lift } from "../../../schema/wire/lesson-effect.ts";
import { liftOf, OutcomeScale, SCALES, type TaskOutcome } from "./outcome.ts";
import { effectOf, type Trial } from "./sequence.ts";

/** One draw: a lesson that fitted a task was handed over, or withheld. */
export interface Draw {
  lesson_id: string;
  task_id: string;
  withheld: boolean;
  /** The chance with which it would be withheld. */
  share: number;
}

/**
 * Tasks that one analysis reads, the oldest first: more add nothing that is shown, and leaving out the newest ones keeps
 * the promise of the sequence, which leaving out the oldest would break.
 */
export const MAX_TRIALS = 5_000;

export interface LessonEffect {
  /** Draws for tasks that have closed. */
  tasks: number;
  lifts: Readonly<Record<EffectMeasure, Lift>>;
}

export interface Effects {
  /** Of whatever lesson ranked best for a task. */
  overall: LessonEffect;
  lessons: ReadonlyMap<string, LessonEffect>;
  /** Draws whose chance was none: nothing can be compared with them. */
  excluded: number;
}

type Told = Readonly<Record<EffectMeasure, number | null>>;
type Trials = Record<EffectMeasure, Trial[]>;

/** Draws of tasks that have not closed, or are not told of, wait. A second draw for the same lesson and task is the first one told again. */
export function effectsOf(draws: readonly Draw[], tasks: readonly TaskOutcome[]): Effects {
  const drawn = new Map<string, Map<string, Draw>>();
  let excluded = 0;
  for (const draw of draws) {
    if (!(draw.share > 0 && draw.share < 1)) {
      excluded++;
      continue;
    }
    const of_task = drawn.get(draw.task_id) ?? new Map<string, Draw>();
    if (!of_task.has(draw.lesson_id)) of_task.set(draw.lesson_id, draw);
    drawn.set(draw.task_id, of_task);
  }
  const scale = new OutcomeScale();
  const lessons = new Map<string, { tasks: number; trials: Trials }>();
  const overall = { tasks: 0, trials: noTrials() };
  const closed = tasks
    .filter(({ task_id }) => drawn.has(task_id))
    .toSorted((a, b) => a.closed_at - b.closed_at || (a.task_id < b.task_id ? -1 : 1));
  for (const task of closed.slice(0, MAX_TRIALS)) {
    const told = scale.place(task);
    overall.tasks++;
    for (const draw of drawn.get(task.task_id)?.values() ?? []) {
      const lesson = lessons.get(draw.lesson_id) ?? { tasks: 0, trials: noTrials() };
      lessons.set(draw.lesson_id, lesson);
      lesson.tasks++;
      add(lesson.trials, draw, told);
    }
    // The draws of one task share its outcome, and are no more evidence than one: the first, of the lesson that ranked best.
    const [first] = drawn.get(task.task_id)?.values() ?? [];
    if (first !== undefined) add(overall.trials, first, told);
  }
  return {
    overall: effect(overall),
    lessons: new Map([...lessons].map(([id, lesson]) => [id, effect(lesson)])),
    excluded,
  };
}

const noTrials = (): Trials => ({ success: [], cycles: [], tokens: [], work: [] });

function add(trials: Trials, { withheld, share }: Draw, told: Told): void {
  for (const measure of EFFECT_MEASURES) {
    const outcome = told[measure];
    if (outcome !== null) trials[measure].push({ withheld, share, outcome });
  }
}

function effect({ tasks, trials }: { tasks: number; trials: Trials }): LessonEffect {
  const lift = (measure: EffectMeasure) => liftOf(measure, effectOf(trials[measure], SCALES[measure]));
  return {
    tasks,
    lifts: { success: lift("success"), cycles: lift("cycles"), tokens: lift("tokens"), work: lift("work") },
  };
}
