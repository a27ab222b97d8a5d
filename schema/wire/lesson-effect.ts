/**
 * `GET …/lessons/effects`: what lessons do. Of whatever fitted a task, a share was held back by chance; tasks that were
 * given a lesson and tasks that were not differ by that alone. Bounds hold at every look, also when one looks daily: each
 * side is wrong with a chance of 5 % at most, ever.
 */

/**
 * `success`: share of tasks that finished at their first attempt and within three days of the draw, as points of 0–1. `cycles`: rounds of review. `tokens`, `work`: a ratio less 1,
 * so that −0.2 is a fifth less.
 */
export const EFFECT_MEASURES = ["success", "cycles", "tokens", "work"] as const;
export type EffectMeasure = (typeof EFFECT_MEASURES)[number];

export const EFFECT_VERDICTS = ["helps", "harms", "helps too little", "not enough data"] as const;
export type EffectVerdict = (typeof EFFECT_VERDICTS)[number];

/** With the lesson, against without. */
export interface Lift {
  measure: EffectMeasure;
  /** Tasks that the coin gave it to, and those that it was held back from. */
  handed: number;
  withheld: number;
  /** Null while one of the two is 0. */
  estimate: number | null;
  low: number;
  high: number;
}

export interface LessonEffectInfo {
  /** Tasks that count: in the order of their draws, up to the first whose end is open. */
  tasks: number;
  /** Of those that the coin gave it to (`handed`): an answer went out in time to be read. */
  delivered: number;
  /** Of those that it was held back from (`withheld`): a search of their own found it. They count as held back, which draws the effect towards 0. */
  searched: number;
  /** Draws that do not count yet. */
  waiting: number;
  verdict: EffectVerdict;
  lifts: Readonly<Record<EffectMeasure, Lift>>;
}

export interface LessonEffectsResponse {
  /** Of the lesson that ranked best when a task first asked. */
  overall: LessonEffectInfo;
  lessons: (LessonEffectInfo & { lesson_id: string })[];
  /** Without a coin (nothing was to be held back, or it was searched for before), or of a task that nobody knows any more: nothing can be compared with them. */
  excluded: number;
  /** Draws that do not count yet, of all lessons. */
  waiting: number;
  /** As many draws as are kept: no coin is tossed any more, all that fits is handed over, and effects stay as they are. */
  is_full: boolean;
}
