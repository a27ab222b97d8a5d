/** A reflection as events: what was found, and a lesson each. */
import { hash } from "node:crypto";
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { FeatureReport } from "../../../schema/wire/report.ts";
import type { LessonDraft } from "../lesson/draft.ts";

export interface Reflected {
  feature_id: string;
  /** Of what ended it, or of the trouble since. */
  seq: number;
  /** RFC 3339. */
  at: string;
  outcome: string;
  report: FeatureReport;
  patterns: string[];
  /** Seqs. */
  decisions: number[];
  lessons: LessonDraft[];
}

export const ORGAN = "reflection";
/** Recommendations, and decisions, that the event repeats: the report has all of them. */
const MAX_LISTED = 10;

export function saying(reflected: Reflected): OwnEvent[] {
  const { feature_id, seq, at, lessons } = reflected;
  const named = lessons.map((lesson) => ({ lesson, lesson_id: lessonId(lesson) }));
  const about = { organ: ORGAN, timestamp: at, feature_id };
  return [
    ...named.map(({ lesson, lesson_id }): OwnEvent => {
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
        ...about,
        cause: ["lesson", feature_id, seq, subject],
        event_type: "lesson_learned",
        metadata: {
          ...{ lesson_id, category, headline, explanation, context, tags },
          ...(source_task === undefined ? {} : { source_task }),
          source_feature: feature_id,
          evidence: evidence.map(String),
        },
        metrics: { importance, confidence },
      };
    }),
    // The last, because with it the reflection counts as made.
    {
      ...about,
      ...made(
        reflected,
        named.map(({ lesson_id }) => lesson_id),
      ),
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

/** A lesson's last word; said again only when more tasks have spoken, and then of a lesson that was approved again. */
export function retirement(
  { lesson_id, reason, tasks }: { lesson_id: string; reason: string; tasks: number },
  { at }: Pick<Reflected, "at">,
): OwnEvent {
  return {
    organ: ORGAN,
    cause: ["retired", lesson_id, tasks],
    event_type: "lesson_retired",
    timestamp: at,
    metadata: { lesson_id, reason, rule: "effect" },
  };
}

/** By what it is about: the same thing, learned again from another feature, is the same lesson. */
function lessonId({ subject }: LessonDraft): string {
  return `reflection-${hash("sha256", subject, "hex").slice(0, 16)}`;
}
