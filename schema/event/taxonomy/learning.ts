/** Decisions, and the life of a lesson: learned, retrieved, applied, rated, retired. */
import {
  anyNumber,
  cost,
  count,
  duration_ms,
  eventType,
  flag,
  fraction,
  label,
  labels,
  name,
  prose,
  proses,
  required,
  structure,
  text,
  title,
  tokens,
} from "../field.ts";

/** Senders choose it, and another project's begins with that project's id: a view that hides names hides it (T2). */
const named = name(label);
const lesson_id = required(named);
const reason = text(prose);

const delivery = {
  lesson_id,
  /** How it reached the agent: `http`, `mcp`, `hook`, … */
  via: structure(label),
  query: text(prose),
  experiment: structure(label),
};
const ranking = {
  rank: structure(count),
  score: structure(anyNumber),
  recency: structure(fraction),
  importance: structure(fraction),
  relevance: structure(anyNumber),
  /** The chance with which it would be held back. */
  share: structure(fraction),
  tokens: cost(tokens),
  duration_ms,
};

export const learning = {
  decision_recorded: eventType("A choice was made, and why.", {
    title: title(label),
    rationale: text(prose),
    alternatives: text(proses),
    consequences: text(prose),
    /** `proposed`, `accepted`, `superseded`, … */
    status: structure(label),
    supersedes: structure(label),
  }),
  lesson_learned: eventType(
    "Something was understood that will help again.",
    {
      lesson_id: named,
      /** architecture, pattern, pitfall, optimization. */
      category: structure(label),
      /** `project` or `team`: who should find it. */
      scope: structure(label),
      headline: required(text(label)),
      explanation: text(prose),
      context: text(prose),
      tags: text(labels),
      source_task: structure(label),
      source_feature: structure(label),
      /** Sequence numbers of the events that it rests on. */
      evidence: structure(labels),
      supersedes: named,
      /** It quotes somebody who took no part in the work: it waits for approval. */
      unvouched: structure(flag),
      /** The person who says it. */
      by: name(label),
      /** The language model that put it into words; absent: none did. */
      model: structure(label),
    },
    { importance: structure(anyNumber, "a number from 1 to 10"), confidence: structure(fraction) },
  ),
  lesson_retrieved: eventType("A lesson was given to an agent.", delivery, ranking),
  lesson_withheld: eventType(
    "A lesson fitted and was held back, to measure what lessons do.",
    { ...delivery, reason },
    ranking,
  ),
  lesson_applied: eventType("An agent acted on a lesson.", {
    lesson_id,
    how: text(prose),
    helpful: structure(flag),
  }),
  lesson_rated: eventType(
    "Somebody judged a lesson.",
    { lesson_id, by: name(label), helpful: structure(flag), comment: text(prose) },
    {
      rating: structure(anyNumber, "above 0: it helped; below 0: it did harm"),
      importance: structure(anyNumber),
    },
  ),
  lesson_quarantined: eventType("A lesson is no longer given out until somebody looks at it.", {
    lesson_id,
    reason,
    rule: structure(label),
    by: name(label),
  }),
  lesson_retired: eventType("A lesson is no longer true.", {
    lesson_id,
    reason,
    rule: structure(label),
    superseded_by: named,
    by: name(label),
  }),
};
