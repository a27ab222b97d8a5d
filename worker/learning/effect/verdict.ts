/**
 * What is said of a lesson's effect, and when it retires by itself.
 *
 *   helps            the interval of success lies above 0
 *   harms            the interval of success lies below 0
 *   helps too little after NEVER_HELPS_TASKS tasks even the upper bound of success is below NEVER_HELPS_POINTS, and no
 *                    cost is lower: what may remain is not worth the tokens of reading it
 *   not enough data  everything else; also where people's ratings alone speak
 *
 * What is said is said as soon as it is known; to retire by it takes RETIRES_TASKS over RETIRES_SPAN_MS, and no person who
 * decided about the lesson before: he is asked (reflect/say.ts).
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

/**
 * Tasks, and ms from the first of their draws to the last, before a lesson retires by itself: outcomes are what senders say
 * they are, and whoever makes tasks up ruins one within 23 to 53 of them. It costs him days in which people can see it, and
 * what does harm for real is not found much sooner.
 */
export const RETIRES_TASKS = 100;
export const RETIRES_SPAN_MS = 3 * 24 * 3_600_000;

export function verdictOf({ tasks, lifts }: Pick<LessonEffect, "tasks" | "lifts">): EffectVerdict {
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
  if (effect.tasks < RETIRES_TASKS || effect.span_ms < RETIRES_SPAN_MS) return null;
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
