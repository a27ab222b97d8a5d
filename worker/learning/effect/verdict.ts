/**
 * What is said of a lesson's effect, and when it retires by itself.
 *
 *   helps            the interval of success lies above 0
 *   harms            the interval of success lies below 0
 *   helps too little after NEVER_HELPS_TASKS tasks even the upper bound of success is below NEVER_HELPS_POINTS, and no
 *                    cost is lower: what may remain is not worth the tokens of reading it
 *   not enough data  everything else; also where people's ratings alone speak
 *
 * A lesson that does nothing is called harmful, or helpful, with a chance of at most ALPHA each, however often one looks.
 * A lower cost alone does not make it helpful: which tasks have a cost may be its doing. It keeps it from retiring.
 */
import { EFFECT_MEASURES, type EffectVerdict } from "../../../schema/wire/lesson-effect.ts";
import { IS_GAIN } from "./outcome.ts";
import type { LessonEffect } from "./lift.ts";

/** Tasks: with fewer, a lesson that does nothing cannot be told from one that is worth its tokens. */
export const NEVER_HELPS_TASKS = 400;
/** Of success, 0–1. */
export const NEVER_HELPS_POINTS = 0.15;

export function verdictOf({ tasks, lifts }: LessonEffect): EffectVerdict {
  const { success } = lifts;
  if (success.withheld === 0 || success.handed === 0) return "not enough data";
  // A bound of 0 rules out the other side: sequence.ts.
  if (success.high <= 0) return "harms";
  if (success.low >= 0) return "helps";
  const saves = EFFECT_MEASURES.some((measure) => !IS_GAIN[measure] && lifts[measure].high <= 0);
  if (tasks >= NEVER_HELPS_TASKS && success.high < NEVER_HELPS_POINTS && !saves) return "helps too little";
  return "not enough data";
}

/** Why a lesson retires by itself, in words for its event; null: it stays. */
export function retiresFor(effect: LessonEffect): string | null {
  const { success } = effect.lifts;
  const arms = `${String(success.handed)} tasks with it and ${String(success.withheld)} without`;
  const interval = `${points(success.low)} to ${points(success.high)} points`;
  switch (verdictOf(effect)) {
    case "harms":
      return `Tasks succeeded less often with it: ${interval}, from ${arms}.`;
    case "helps too little":
      return `It helps less than ${points(NEVER_HELPS_POINTS)} points: ${interval}, from ${arms}.`;
    case "helps":
    case "not enough data":
      return null;
  }
}

function points(share: number): string {
  const rounded = Math.round(share * 100);
  return rounded > 0 ? `+${String(rounded)}` : String(rounded).replace("-", "−");
}
