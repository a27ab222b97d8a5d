/** What is told of a lesson's effect. */
import type { LessonEffectInfo } from "../../../schema/wire/lesson-effect.ts";
import type { LessonEffect } from "./lift.ts";
import { verdictOf } from "./verdict.ts";

export function tellEffect(effect: LessonEffect): LessonEffectInfo {
  const { tasks, delivered, searched, waiting, lifts } = effect;
  return { tasks, delivered, searched, waiting, lifts, verdict: verdictOf(effect) };
}
