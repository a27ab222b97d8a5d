/**
 * `GET …/lessons/effects`: what lessons do. Of whatever fitted a task, a share was held back by chance; tasks that were
 * given a lesson and tasks that were not differ by that alone. Bounds hold at every look, also when one looks daily: each
 * side is wrong with a chance of 5 % at most, ever.
 */

/**
 * `success`: share of tasks that finished, as points of 0–1. `cycles`: rounds of review. `tokens`, `work`: a ratio less 1,
 * so that −0.2 is a fifth less.
 */
export const EFFECT_MEASURES = ["success", "cycles", "tokens", "work"] as const;
export type EffectMeasure = (typeof EFFECT_MEASURES)[number];

export const EFFECT_VERDICTS = ["helps", "harms", "helps too little", "not enough data"] as const;
export type EffectVerdict = (typeof EFFECT_VERDICTS)[number];

/** With the lesson, against without. */
export interface Lift {
  measure: EffectMeasure;
  /** Closed tasks that it was handed to, and those that it was held back from. */
  handed: number;
  withheld: number;
  /** Null while one of the two is 0. */
  estimate: number | null;
  low: number;
  high: number;
}

export interface LessonEffectInfo {
  /** Draws for tasks that have closed. */
  tasks: number;
  verdict: EffectVerdict;
  lifts: Readonly<Record<EffectMeasure, Lift>>;
}

export interface LessonEffectsResponse {
  /** Of whatever lesson ranked best for a task. */
  overall: LessonEffectInfo;
  lessons: (LessonEffectInfo & { lesson_id: string })[];
  /** Draws whose chance was none: nothing can be compared with them. */
  excluded: number;
  /** Draws for tasks that are open, or that nobody knows any more. */
  waiting: number;
}
