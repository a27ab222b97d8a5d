/**
 * What became of a task, as numbers from 0 to 1 that an effect can be told of (sequence.ts), and an effect back in the
 * words' own unit.
 *
 *   success    finished is 1, failed is 0                        an effect of 0.2 is 20 points
 *   cycles     a fifth for each round of review, five at most    an effect of 0.2 is one round
 *   tokens,    ln(value / median of the tasks before it), cut    an effect of 0.05 is a factor of e^(0.05·2·ln 8),
 *   work       at an eighth and at eight times, shifted to 0–1   some 23 % more
 */
import { median } from "../../../schema/metric/statistic/median.ts";
import type { EffectMeasure, Lift } from "../../../schema/wire/lesson-effect.ts";
import type { Effect, Scale } from "./sequence.ts";

/** A closed task; what is not known of it is null, and leaves it out of that measure alone. */
export interface TaskOutcome {
  task_id: string;
  closed_at: number;
  finished: boolean;
  cycles: number | null;
  tokens: number | null;
  work_ms: number | null;
}

/** Rounds of review: more look alike. */
const MOST_CYCLES = 5;
/** A task of eight times the usual and one of eighty look alike: one wild value does not decide. */
const LOG_CUT = Math.log(8);

/** `worth`: 20 points of success, half a round of review, a fifth fewer tokens or minutes. */
export const SCALES: Readonly<Record<EffectMeasure, Scale>> = {
  success: { worth: 0.2, variance: 0.25 },
  cycles: { worth: 0.5 / MOST_CYCLES, variance: 0.05 },
  tokens: { worth: Math.log(1.25) / (2 * LOG_CUT), variance: 0.06 },
  work: { worth: Math.log(1.25) / (2 * LOG_CUT), variance: 0.06 },
};

/** Whether more of it is better. */
export const IS_GAIN: Readonly<Record<EffectMeasure, boolean>> = {
  success: true,
  cycles: false,
  tokens: false,
  work: false,
};

/** Outcomes of tasks in the order in which they closed: each is measured against those before it alone. */
export class OutcomeScale {
  readonly #seen: Record<"tokens" | "work", number[]> = { tokens: [], work: [] };

  /** 0 to 1 each; null where the task does not tell it, or is the first one. */
  place(task: TaskOutcome): Readonly<Record<EffectMeasure, number | null>> {
    return {
      success: task.finished ? 1 : 0,
      cycles: task.cycles === null ? null : Math.min(task.cycles, MOST_CYCLES) / MOST_CYCLES,
      tokens: this.#ratio("tokens", task.tokens),
      work: this.#ratio("work", task.work_ms),
    };
  }

  #ratio(measure: "tokens" | "work", value: number | null): number | null {
    if (value === null || !(value > 0)) return null;
    const seen = this.#seen[measure];
    const usual = median(seen);
    const place = seen.findIndex((other) => other > value);
    seen.splice(place < 0 ? seen.length : place, 0, value);
    if (usual === null) return null;
    const log = Math.log(value / usual);
    return 0.5 + Math.min(LOG_CUT, Math.max(-LOG_CUT, log)) / (2 * LOG_CUT);
  }
}

export function liftOf(measure: EffectMeasure, { handed, withheld, estimate, low, high }: Effect): Lift {
  const told = UNIT[measure];
  return {
    measure,
    handed,
    withheld,
    estimate: estimate === null ? null : told(estimate),
    low: told(low),
    high: told(high),
  };
}
const ratio = (effect: number): number => Math.expm1(effect * 2 * LOG_CUT);
const UNIT: Readonly<Record<EffectMeasure, (effect: number) => number>> = {
  success: (effect) => effect,
  cycles: (effect) => effect * MOST_CYCLES,
  tokens: ratio,
  work: ratio,
};
