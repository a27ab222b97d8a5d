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
 * **What was seen first stands.** A task that ended well and is opened again weeks later would change a trial that was
 * counted, and bounds that hold at all looks together promise nothing of trials that change. So the end of a task is kept
 * with its draw when somebody looks and it has one (book/look.ts).
 *
 * Rounds, tokens and time are known of those tasks alone that were reviewed, called a model or finished, which a lesson may
 * change too: they are told, and decide nothing (verdict.ts).
 */
import { EFFECT_MEASURES, type EffectMeasure, type Lift } from "../../../schema/wire/lesson-effect.ts";
import { liftOf, OutcomeScale, SCALES, type End } from "./outcome.ts";
import { effectOf, type Trial } from "./sequence.ts";

/** One draw, and what became of the task: the lesson was handed over, or withheld. */
export interface DrawnTask {
  task_id: string;
  withheld: boolean;
  /** The chance with which it would be withheld, above 0. */
  share: number;
  /** ms since the epoch. */
  at_ms: number;
  /** It was to be given, and who asked went on without an answer. */
  late: boolean;
  /** The task found it by a search of its own, after the coin. */
  searched: boolean;
  /** Null: open, or nobody looked. */
  end: End | null;
}

/**
 * Tasks of one lesson that are read, the oldest first: more add nothing that is shown, and leaving out the newest ones keeps
 * the promise of the sequence, which leaving out the oldest would break.
 */
export const MAX_TRIALS = 5_000;

export interface LessonEffect {
  /** Tasks that count. */
  tasks: number;
  /** The last of them. */
  last: string | null;
  /** ms from the first of their draws to the last. */
  span_ms: number;
  /** Of those that it was to be handed to: where an answer went out in time. */
  delivered: number;
  /** Of those that it was held back from: where a search found it. */
  searched: number;
  /** Draws after the first one whose outcome is open, and it. */
  waiting: number;
  /** Draws whose task nobody knows any more: nothing can be compared with them. */
  lost: number;
  lifts: Readonly<Record<EffectMeasure, Lift>>;
}

/**
 * @param drawn in the order of their draws, each task once.
 * @param before what was told of the same draws, or the first of them. Trials that counted stay as they were, so with as
 *   many and the same last one the bounds are those that were computed then.
 * @param measures that are computed; of the others nothing is known.
 */
export function effectOfTasks(
  drawn: readonly DrawnTask[],
  before: LessonEffect | null = null,
  measures: readonly EffectMeasure[] = EFFECT_MEASURES,
): LessonEffect {
  const counted: { draw: DrawnTask; end: Exclude<End, "lost"> }[] = [];
  const known = drawn.slice(0, MAX_TRIALS).filter(({ end }) => end !== "lost");
  for (const draw of known) {
    const { end } = draw;
    if (end === null || end === "lost") break;
    counted.push({ draw, end });
  }
  const draws = counted.map(({ draw }) => draw);
  const [first, last] = [draws[0], draws.at(-1)];
  const told = {
    tasks: draws.length,
    last: last?.task_id ?? null,
    span_ms: (last?.at_ms ?? 0) - (first?.at_ms ?? 0),
    delivered: draws.filter(({ withheld, late }) => !withheld && !late).length,
    searched: draws.filter(({ withheld, searched }) => withheld && searched).length,
    waiting: known.length - draws.length,
    lost: drawn.filter(({ end }) => end === "lost").length,
  };
  const is_known = before !== null && before.tasks === told.tasks && before.last === told.last;
  return { ...told, lifts: is_known ? before.lifts : liftsOf(counted, measures) };
}

function liftsOf(
  counted: readonly { draw: DrawnTask; end: Exclude<End, "lost"> }[],
  measures: readonly EffectMeasure[],
): LessonEffect["lifts"] {
  const trials: Record<EffectMeasure, Trial[]> = { success: [], cycles: [], tokens: [], work: [] };
  const scale = new OutcomeScale();
  for (const { draw, end } of counted) {
    const placed = scale.place(end);
    for (const measure of measures) {
      const outcome = placed[measure];
      if (outcome !== null) trials[measure].push({ withheld: draw.withheld, share: draw.share, outcome });
    }
  }
  const lift = (measure: EffectMeasure) => liftOf(measure, effectOf(trials[measure], SCALES[measure]));
  return { success: lift("success"), cycles: lift("cycles"), tokens: lift("tokens"), work: lift("work") };
}
