/**
 * What became of a task, as numbers from 0 to 1 that an effect can be told of (sequence.ts), and an effect back in the
 * words' own unit.
 *
 *   success    finished (`successOf`) is 1, else 0               an effect of 0.2 is 20 points
 *   cycles     a fifth for each round of review, five at most    an effect of 0.2 is one round
 *   tokens,    ln(value / median of the tasks before it), cut    an effect of 0.05 is a factor of e^(0.05·2·ln 8),
 *   work       at an eighth and at eight times, shifted to 0–1   some 23 % more
 */
import { median } from "../../../schema/metric/statistic/median.ts";
import type { EffectMeasure, Lift } from "../../../schema/wire/lesson-effect.ts";
import type { Effect, Scale } from "./sequence.ts";

/** A task as it stands; what is not known of it is null, and leaves it out of that measure alone. */
export interface TaskOutcome {
  /** Null while it is open. */
  closed_at: number | null;
  /** Its end was a good one; false while it is open. */
  finished: boolean;
  /** Times that work on it began: after a failure it counts anew. */
  attempts: number;
  cycles: number | null;
  tokens: number | null;
  work_ms: number | null;
}

/**
 * ms from the draw until a task that has not finished counts as not finished. A weekend lies within it; and one task that
 * nobody ends holds up what is told of those drawn after it for no longer.
 */
export const OUTCOME_HORIZON_MS = 3 * 24 * 3_600_000;

/**
 * Whether it finished: at its first attempt, and within the horizon. Null: that is still open. A task that is opened again
 * says something else from then on, so what it said at first sight is kept (`endOf`).
 */
export function successOf(
  { closed_at, finished, attempts }: TaskOutcome,
  drawn_at: number,
  now_ms: number,
): boolean | null {
  if (attempts > 1) return false;
  if (closed_at !== null) return finished && closed_at - drawn_at <= OUTCOME_HORIZON_MS;
  return now_ms - drawn_at > OUTCOME_HORIZON_MS ? false : null;
}

/** What became of a task, for good: what was seen first stands, whatever comes of it later. */
export interface Outcome extends Pick<TaskOutcome, "cycles" | "tokens" | "work_ms"> {
  success: boolean;
}
/** `lost`: nobody knows such a task any more, and it is compared with nothing. */
export type End = Outcome | "lost";

/** Null: that is still open. @param task null: nobody knows such a task. */
export function endOf(task: TaskOutcome | null, drawn_at: number, now_ms: number): End | null {
  if (task === null) return now_ms - drawn_at > OUTCOME_HORIZON_MS ? "lost" : null;
  const success = successOf(task, drawn_at, now_ms);
  const { cycles, tokens, work_ms } = task;
  return success === null ? null : { success, cycles, tokens, work_ms };
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

/** Outcomes of tasks in the order in which they were drawn: each is measured against those before it alone. */
export class OutcomeScale {
  readonly #seen: Record<"tokens" | "work", number[]> = { tokens: [], work: [] };

  /** 0 to 1 each; null where the task does not tell it, or is the first one. */
  place({ success, cycles, tokens, work_ms }: Outcome): Readonly<Record<EffectMeasure, number | null>> {
    return {
      success: success ? 1 : 0,
      cycles: cycles === null ? null : Math.min(cycles, MOST_CYCLES) / MOST_CYCLES,
      tokens: this.#ratio("tokens", tokens),
      work: this.#ratio("work", work_ms),
    };
  }

  #ratio(measure: "tokens" | "work", value: number | null): number | null {
    if (value === null || !(value > 0)) return null;
    const seen = this.#seen[measure];
    const usual = median(seen);
    seen.splice(placeOf(value, seen), 0, value);
    if (usual === null) return null;
    const log = Math.log(value / usual);
    return 0.5 + Math.min(LOG_CUT, Math.max(-LOG_CUT, log)) / (2 * LOG_CUT);
  }
}

/** Where it goes among values that ascend: after those that are not greater. */
function placeOf(value: number, sorted: readonly number[]): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] ?? Infinity) > value) to = middle;
    else from = middle + 1;
  }
  return from;
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
