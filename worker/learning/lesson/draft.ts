/**
 * From patterns to lessons: at most three of a feature, each something that the next one can do differently, each with
 * its evidence. What only states that something was slow is for the report; it becomes no lesson.
 *
 *   Pattern[] ─▶ written (words.ts), or nothing ─▶ the same thing once ─▶ the three most important
 */
import type { LessonCategory } from "../../../schema/wire/lesson.ts";
import type { Pattern, PatternKind } from "../analyse/pattern.ts";
import { WRITERS } from "./words.ts";

/** Lessons of one feature: with more, a memory fills with what nobody reads. */
export const MAX_LESSONS = 3;
/** Below it a lesson is not worth the tokens of reading it. */
const LEAST_IMPORTANCE = 3;

export interface LessonDraft {
  category: LessonCategory;
  headline: string;
  /** What happened, with its figures. */
  explanation: string;
  /** When to think of it. */
  context: string;
  tags: string[];
  /** 1 to 10. */
  importance: number;
  /** 0 to 1: how sure the analyst is that it was no chance. */
  confidence: number;
  evidence: number[];
  pattern: PatternKind;
  /** Of the pattern: what it was written from. */
  facts: Pattern["facts"];
  tasks: string[];
  /** Somebody has to look at it first. */
  is_unvouched?: true;
  /** What it is about, in one text: two lessons with the same subject are the same lesson, whatever their figures. */
  subject: string;
}

export interface LessonContext {
  /** Title of the feature, and what its tasks touched. */
  title: string;
  files: readonly string[];
  /** How long its tasks were worked on together, ms; null: not told. */
  work_ms: number | null;
}

/** `most`: where several pieces of work are looked at together. */
export function draftLessons(
  patterns: readonly Pattern[],
  context: LessonContext,
  most = MAX_LESSONS,
): LessonDraft[] {
  const drafts = new Map<string, LessonDraft>();
  for (const pattern of patterns) {
    const written = WRITERS[pattern.kind](pattern, context);
    if (written === null) continue;
    const importance = importanceOf(pattern, written.importance, context);
    const subject = `${pattern.kind} ${written.subject}`;
    const known = drafts.get(subject);
    if (importance < LEAST_IMPORTANCE || (known !== undefined && isBetter(known, pattern, importance)))
      continue;
    drafts.set(subject, {
      ...written,
      importance,
      evidence: pattern.evidence,
      pattern: pattern.kind,
      facts: pattern.facts,
      tasks: pattern.tasks,
      subject,
      ...(pattern.is_unvouched === true ? { is_unvouched: true } : {}),
    });
  }
  return [...drafts.values()]
    .sort(
      (a, b) =>
        // What a stranger says takes no place of theirs who took part.
        Number(a.is_unvouched ?? false) - Number(b.is_unvouched ?? false) ||
        b.importance - a.importance ||
        (a.subject < b.subject ? -1 : 1),
    )
    .slice(0, most);
}

/** The same thing, known already: in the words of somebody who took part, or at least as important. */
const isBetter = (known: LessonDraft, { is_unvouched }: Pattern, importance: number): boolean =>
  known.is_unvouched === is_unvouched ? known.importance >= importance : is_unvouched === true;

/** Of the feature's work, that makes a lesson one point more important, and two. */
const NOTICED_SHARE = 0.05;
const LARGE_SHARE = 0.2;
/** Times or tasks that make it one point more. */
const OFTEN = 4;

/** What people did not score is scored by what it cost: the kind's own weight, the share of the work, how often. */
function importanceOf(pattern: Pattern, weight: number, { work_ms }: LessonContext): number {
  const share = pattern.time_ms === null || work_ms === null || work_ms <= 0 ? 0 : pattern.time_ms / work_ms;
  const by_cost = share >= LARGE_SHARE ? 2 : share >= NOTICED_SHARE ? 1 : 0;
  const by_frequency = pattern.effect.unit === "times" && pattern.effect.value >= OFTEN ? 1 : 0;
  return Math.min(10, Math.max(1, weight + by_cost + by_frequency));
}
