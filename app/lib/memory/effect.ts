/** What lessons do, in words: a lift with its bounds, or that nobody can tell yet. Never surer than its numbers. */
import type { EffectMeasure, LessonEffectInfo, Lift } from "../../../schema/wire/lesson-effect.ts";

/** How each measure is shown. More success is better; of the others, less. */
export const MEASURE_WORDS: Record<EffectMeasure, { name: string; better: "more" | "less"; unit: string }> = {
  success: { name: "Tasks that finish", better: "more", unit: "points" },
  cycles: { name: "Rounds of review", better: "less", unit: "rounds" },
  tokens: { name: "Tokens", better: "less", unit: "%" },
  work: { name: "Working time", better: "less", unit: "%" },
};

/** Of a drawing, on both sides of none. Wider bounds say nothing, and leave by the sides; rounds of review have a wider scale. */
export const REACH: Record<EffectMeasure, number> = { success: 1, cycles: 2, tokens: 1, work: 1 };

const MINUS = "−";

/** `+11 points`, `−0.4 rounds`, `−20 %`. */
export function changeWords(measure: EffectMeasure, change: number): string {
  const { unit } = MEASURE_WORDS[measure];
  const size = measure === "cycles" ? Math.abs(change) : Math.abs(change) * 100;
  const figure = size.toFixed(size < 10 ? 1 : 0).replace(/\.0$/, "");
  const sign = figure === "0" ? "" : change > 0 ? "+" : MINUS;
  return `${sign}${figure} ${unit}`;
}

/** Null: there is nothing to draw. */
export function boundsOf({ estimate, low, high }: Lift): { value: number; low: number; high: number } | null {
  const known = estimate !== null && Number.isFinite(low) && Number.isFinite(high);
  return known ? { value: estimate, low, high } : null;
}

/** `tasks that finish +11 points, between +3 points and +19 points`; null: there is nothing to say. */
export function liftWords(lift: Lift): string | null {
  const bounds = boundsOf(lift);
  if (bounds === null) return null;
  const change = (value: number) => changeWords(lift.measure, value);
  const { name } = MEASURE_WORDS[lift.measure];
  return `${name.toLowerCase()} ${change(bounds.value)}, between ${change(bounds.low)} and ${change(bounds.high)}`;
}

/** `helps`, `harms`, `helps too little`, `not enough data`. */
export const verdictWords = (effect: Pick<LessonEffectInfo, "verdict"> | undefined): string =>
  effect?.verdict ?? "not enough data";

/**
 * What the drawing says to somebody who does not see it. Its bounds are no usual interval: they hold at every look, and
 * each side is wrong with a chance of 5 % at most.
 */
export function boundsLabel({ measure, handed, withheld, ...rest }: Lift): string {
  const bounds = boundsOf({ measure, handed, withheld, ...rest });
  const { name } = MEASURE_WORDS[measure];
  if (bounds === null) return `${name}: not enough data`;
  const [value, low, high] = [bounds.value, bounds.low, bounds.high].map((change) =>
    changeWords(measure, change),
  );
  return `${name}: ${value}, between ${low} and ${high}, each with 95 %; ${handed} tasks with it, ${withheld} without`;
}

/** What may be said of it in a line. */
export function effectWords(effect: LessonEffectInfo | undefined): string {
  if (effect === undefined || effect.verdict === "not enough data") return "effect: not enough data";
  // Every verdict rests on success alone (worker/learning/effect/verdict.ts).
  const figures = liftWords(effect.lifts.success);
  return figures === null ? `effect: ${effect.verdict}` : `effect: ${effect.verdict}; ${figures}`;
}
