/**
 * What a lesson is worth for a question: how recently it was of use, how important it is, and how much of the
 * question it is about, each 0–1, weighted. The form is that of Park et al., Generative Agents (2023), section 4.1.
 */
import { DEFAULT_LEARNING } from "../../../schema/wire/learning.ts";
import type { LessonWeights } from "../../../schema/wire/lesson.ts";

/** Per hour: after a week without use a lesson keeps 0.43 of its recency, after a month 0.03. */
const DECAY_PER_HOUR = 0.995;
const HOUR_MS = 3_600_000;
const MAX_IMPORTANCE = 10;

export interface Parts {
  recency: number;
  importance: number;
  relevance: number;
}

export function partsOf(
  lesson: { used_at: number; importance: number },
  relevance: number,
  now_ms: number,
): Parts {
  const hours = Math.max(0, now_ms - lesson.used_at) / HOUR_MS;
  return {
    recency: DECAY_PER_HOUR ** hours,
    importance: lesson.importance / MAX_IMPORTANCE,
    relevance: Math.min(1, Math.max(0, relevance)),
  };
}

/** 0–1. @param weights add up to 1. */
export function scoreOf(parts: Parts, weights: LessonWeights): number {
  const { recency, importance, relevance } = weights;
  return recency * parts.recency + importance * parts.importance + relevance * parts.relevance;
}

/** To 1, whatever they add up to; where all of them are 0 the defaults hold. */
export function normalised(weights: LessonWeights): LessonWeights {
  const { recency, importance, relevance } = weights;
  const sum = recency + importance + relevance;
  if (!(sum > 0)) return DEFAULT_LEARNING.weights;
  return { recency: recency / sum, importance: importance / sum, relevance: relevance / sum };
}
