/** A reflection as events: what was found, and a lesson each. */
import { hash } from "node:crypto";
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { FeatureReport } from "../../../schema/wire/report.ts";
import { REFLECTION_NAME } from "../book/saying.ts";
import type { LessonDraft } from "../lesson/draft.ts";
import type { Against } from "../query/book.ts";

export interface Reflected {
  feature_id: string;
  /** Of what ended it, or of the trouble since. */
  seq: number;
  /** RFC 3339. */
  at: string;
  /** As the feature's status says it; `rested` where nobody ends it. */
  outcome: string;
  report: FeatureReport;
  patterns: string[];
  /** Seqs. */
  decisions: number[];
  lessons: LessonDraft[];
}

export const ORGAN = "reflection";
export const RESTED = "rested";
/** Recommendations, and decisions, that the event repeats: the report has all of them. */
const MAX_LISTED = 10;

export function saying(reflected: Reflected): OwnEvent[] {
  const { feature_id, seq, at, outcome, lessons } = reflected;
  // It may rest many times: what the same events show is said of it once, and not counted at each rest.
  const causeOf = ({ evidence }: LessonDraft): OwnEvent["cause"] =>
    outcome === RESTED ? [feature_id, RESTED, evidence.join()] : [feature_id, seq];
  return [
    ...lessons.flatMap((lesson) => lessonsSaid([lesson], { feature_id, cause: causeOf(lesson), at })),
    // The last, because with it the reflection counts as made.
    { ...{ organ: ORGAN, timestamp: at, feature_id }, ...made(reflected, lessons.map(lessonId)) },
  ];
}

/** `feature_id` null: they come from tasks of no feature. */
export function lessonsSaid(
  lessons: readonly LessonDraft[],
  { feature_id, cause, at }: { feature_id: string | null; cause: OwnEvent["cause"]; at: string },
): OwnEvent[] {
  return lessons.map((lesson): OwnEvent => {
    const {
      category,
      headline,
      explanation,
      context,
      tags,
      importance,
      confidence,
      evidence,
      tasks,
      subject,
    } = lesson;
    const [source_task] = tasks;
    return {
      ...{ organ: ORGAN, timestamp: at },
      ...(feature_id === null ? {} : { feature_id }),
      cause: ["lesson", ...cause, subject],
      event_type: "lesson_learned",
      metadata: {
        ...{ lesson_id: lessonId(lesson), category, headline, explanation, context, tags },
        ...(source_task === undefined ? {} : { source_task }),
        ...(feature_id === null ? {} : { source_feature: feature_id }),
        evidence: evidence.map(String),
        ...(lesson.is_unvouched === true ? { unvouched: true } : {}),
      },
      metrics: { importance, confidence },
    };
  });
}

/** On tasks of no feature. */
export interface LooseReflected {
  /** Those after it, up to `seq`: where a further attempt begins too, while it may look further (B2). */
  since: number;
  seq: number;
  /** RFC 3339. */
  at: string;
  patterns: string[];
  cycles: number;
  lessons: LessonDraft[];
}

export function sayingLoose({ since, seq, at, patterns, cycles, lessons }: LooseReflected): OwnEvent[] {
  const cause: OwnEvent["cause"] = ["", "since", since];
  return [
    ...lessonsSaid(lessons, { feature_id: null, cause, at }),
    {
      ...{ organ: ORGAN, timestamp: at, cause: ["reflection", ...cause], event_type: "reflection_made" },
      metadata: { outcome: "tasks", patterns, lessons: lessons.map(lessonId) },
      metrics: { seq, cycle_count: cycles },
    },
  ];
}

function made(
  { feature_id, seq, outcome, report, patterns, decisions }: Reflected,
  lessons: string[],
): Pick<OwnEvent, "cause" | "event_type" | "metadata" | "metrics"> {
  const { overview, totals, grade, recommendations } = report;
  const cost = overview.cost;
  const delta = cost.reference?.basis === "forecast" ? cost.reference.actual - cost.reference.p50 : null;
  const tokens = overview.tokens.value;
  const percent = grade.parts.find(({ part }) => part === "quality")?.score ?? null;
  const score = percent === null ? null : percent / 100;
  return {
    cause: ["reflection", feature_id, seq],
    event_type: "reflection_made",
    metadata: {
      outcome,
      ...(grade.letter === null ? {} : { grade: grade.letter }),
      patterns,
      lessons,
      recommendations: recommendations.slice(0, MAX_LISTED).map(({ words }) => words),
      decisions: decisions.slice(0, MAX_LISTED).map(String),
    },
    metrics: {
      seq,
      cycle_count: totals.cycles,
      ...known("quality_score", score),
      ...known("cost_usd", cost.value),
      ...known("cost_delta_usd", delta),
      ...known("tokens", tokens),
      ...known(
        "efficiency",
        score === null || tokens === null || tokens <= 0 ? null : (1_000 * score) / tokens,
      ),
    },
  };
}

const known = (name: string, value: number | null): Record<string, number> =>
  value === null || !Number.isFinite(value) ? {} : { [name]: value };

/**
 * What is said of a lesson that what it does speaks against: its last word, said again only when more tasks have spoken,
 * and then of a lesson that was approved again. Where people decided about it, or one key's
 * tasks alone speak, they are asked, again when twice as many tasks have spoken, and it stays as it is (T5).
 */
export function against(
  { lesson_id, reason, tasks, is_decided, is_one_keys }: Against,
  { at }: Pick<Reflected, "at">,
): OwnEvent {
  const about = { organ: ORGAN, timestamp: at };
  if (!is_decided && !is_one_keys)
    return {
      ...{ ...about, cause: ["retired", lesson_id, tasks], event_type: "lesson_retired" },
      metadata: { lesson_id, reason, rule: "effect" },
    };
  return {
    ...{ ...about, cause: ["doubted", lesson_id, Math.floor(Math.log2(tasks))] },
    event_type: "escalated_to_user",
    metadata: {
      kind: "approval",
      reason: `${reason} ${is_decided ? "People decided about this lesson" : "It is one key's tasks that say so"}, so it stays until a person retires it: “${lesson_id}”.`,
    },
  };
}

/** By what it is about: the same thing, learned again from another feature, is the same lesson. */
function lessonId({ subject }: LessonDraft): string {
  return `${REFLECTION_NAME}${hash("sha256", subject, "hex").slice(0, 16)}`;
}
